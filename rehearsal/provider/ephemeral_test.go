package main

import (
	"strings"
	"testing"
)

func TestEphemeralPasswordIsFreshAndKeepsToItsArguments(t *testing.T) {
	s := start(t, "random", j{})
	config := j{"length": 40, "special": false, "upper": false, "min_numeric": 10}
	first, problem := s.ephemeral(t, "random_password", config)
	equal(t, "problem", problem, "")
	second, _ := s.ephemeral(t, "random_password", config)
	text := displayed(first["result"])
	equal(t, "length", len(text), 40)
	if text == second["result"] {
		t.Error("two openings gave one password")
	}
	if strings.ContainsAny(text, specialChars+upperLetters) {
		t.Errorf("%q has characters of a class that is off", text)
	}
	digits := 0
	for _, c := range text {
		if strings.ContainsRune(numericChars, c) {
			digits++
		}
	}
	if digits < 10 {
		t.Errorf("%q has %d digits", text, digits)
	}
	own, _ := s.ephemeral(t, "random_password", j{"length": 12, "lower": false, "upper": false, "numeric": false, "override_special": "-_"})
	equal(t, "own characters", strings.Trim(displayed(own["result"]), "-_"), "")
	_, problem = s.ephemeral(t, "random_password", j{"length": 3, "min_lower": 4})
	if !strings.Contains(problem, "length (3)") {
		t.Errorf("got %q", problem)
	}
}

func TestEphemeralParameterAnswersTheLastWrittenValue(t *testing.T) {
	s := aws(t)
	for name, config := range map[string]j{
		"/value":    {"name": "/value", "type": "SecureString", "value": "v1"},
		"/insecure": {"name": "/insecure", "type": "String", "insecure_value": "v1"},
		"/written":  {"name": "/written", "type": "SecureString", "value_wo": "v1", "value_wo_version": 1},
	} {
		parameter := s.make(t, "aws_ssm_parameter", nil, config)
		got, problem := s.ephemeral(t, "aws_ssm_parameter", j{"arn": displayed(parameter.attribute("arn"))})
		equal(t, name+" problem", problem, "")
		equal(t, name+" value", got["value"], "v1")
		equal(t, name+" name", got["name"], name)
	}
}

func TestEphemeralParameterThatIsAbsentIsAnError(t *testing.T) {
	s := aws(t)
	_, problem := s.ephemeral(t, "aws_ssm_parameter", j{"arn": "arn:aws:ssm:eu-west-1:123456789012:parameter/none"})
	if !strings.Contains(problem, "ParameterNotFound") {
		t.Errorf("got %q", problem)
	}
	_, problem = s.ephemeral(t, "aws_ssm_parameter", j{"arn": "/none"})
	if !strings.Contains(problem, "not the ARN of a parameter") {
		t.Errorf("got %q", problem)
	}
}

func TestEphemeralSecretVersion(t *testing.T) {
	s := aws(t)
	secret := s.make(t, "aws_secretsmanager_secret", nil, j{"name": "token"})
	version := s.make(t, "aws_secretsmanager_secret_version", nil, j{"secret_id": secret.id(), "secret_string_wo": "hush", "secret_string_wo_version": 1})
	for _, id := range []string{"token", secret.id()} {
		got, problem := s.ephemeral(t, "aws_secretsmanager_secret_version", j{"secret_id": id})
		equal(t, "problem", problem, "")
		equal(t, "secret", got["secret_string"], "hush")
		equal(t, "version", got["version_id"], version.attribute("version_id"))
	}
	if _, problem := s.ephemeral(t, "aws_secretsmanager_secret_version", j{"secret_id": "none"}); !strings.Contains(problem, "ResourceNotFoundException") {
		t.Errorf("got %q", problem)
	}
}

func TestRandomResourcesLookReal(t *testing.T) {
	s := start(t, "random", j{})
	password := s.make(t, "random_password", nil, j{"length": 20, "min_special": 3})
	twin := s.make(t, "random_password", nil, j{"length": 20, "min_special": 3})
	equal(t, "length", len(displayed(password.attribute("result"))), 20)
	equal(t, "id", password.id(), "none")
	if password.attribute("result") == twin.attribute("result") {
		t.Error("two passwords are one")
	}
	id := s.make(t, "random_id", nil, j{"byte_length": 4, "prefix": "a-"})
	equal(t, "length of the hex form", len(displayed(id.attribute("hex"))), len("a-")+8)
	number := s.make(t, "random_integer", nil, j{"min": 3, "max": 3})
	equal(t, "number", number.attribute("result"), 3)
	mixed := s.make(t, "random_shuffle", nil, j{"input": []any{"a", "b", "c"}, "result_count": 2})
	equal(t, "members", len(mixed.attribute("result").([]any)), 2)
	if got := s.plan(t, "random_password", password, j{"length": 21, "min_special": 3}).replaces(); len(got) != 1 || got[0] != "length" {
		t.Errorf("a new length replaces %v", got)
	}
}
