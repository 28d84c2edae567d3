package component

import (
	"slices"
	"testing"
)

func TestAnArgumentOfTheConfigurationReplacesTheDefault(t *testing.T) {
	got := merge(
		[]argument{{"secure-port", "6443"}, {"service-account-issuer", "https://kubernetes.default.svc"}},
		[]string{"service-account-issuer=https://new.example.com", "service-account-issuer=https://old.example.com", "v=2"},
	)
	want := []string{
		"--secure-port=6443",
		"--service-account-issuer=https://new.example.com",
		"--service-account-issuer=https://old.example.com",
		"--v=2",
	}
	if !slices.Equal(got, want) {
		t.Fatalf("got %q", got)
	}
}
