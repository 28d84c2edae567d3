package cloud

import "testing"

func TestASecretThatIsHiddenIsNotThereForAMachine(t *testing.T) {
	l := start(t)
	hidden := true
	l.api.HidesSecret = func(name string) bool { return hidden && name == "/drover/dev/management/join" }
	_, problems, code := l.shell(t, serverAddress, "ssm_get /drover/dev/management/join")
	if code == 0 {
		t.Error("the secret is given")
	}
	contains(t, "the refusal", problems, "ParameterNotFound")
	hidden = false
	if _, problems, code := l.shell(t, serverAddress, "ssm_get /drover/dev/management/join"); code != 0 {
		t.Errorf("the secret stays hidden: %s", problems)
	}
}
