package token

import (
	"strings"
	"testing"
)

const hash = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"

func TestParseReadsTheBareAndTheSecureForm(t *testing.T) {
	for text, want := range map[string]Token{
		"s3cret\n":                           {Secret: "s3cret"},
		"K10" + hash + "::server:s3cret\n":   {CAHash: hash, Secret: "s3cret"},
		"K10" + hash + "::node:a:b":          {CAHash: hash, Secret: "a:b"},
		"K10isASecretThatOnlyLooksLikeAHash": {Secret: "K10isASecretThatOnlyLooksLikeAHash"},
	} {
		got, err := Parse(text)
		if err != nil || got != want {
			t.Errorf("Parse(%q) = %+v, %v; want %+v", text, got, err, want)
		}
	}
}

func TestParseRefusesWhatIsNoToken(t *testing.T) {
	for text, want := range map[string]string{
		" \n":                              "the token is empty",
		"K10abc::server:s3cret":            "'K10<64 hexadecimal digits>::server:<secret>'",
		"K10" + hash + "::operator:s3cret": "the token is for 'operator', allowed are 'server' and 'node'",
	} {
		if _, err := Parse(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Parse(%q): error %v, want it to contain %q", text, err, want)
		}
	}
}

func TestStringIsReadBackUnchanged(t *testing.T) {
	want := Token{CAHash: hash, Secret: "s3cret"}
	if got, err := Parse(want.String()); err != nil || got != want {
		t.Fatalf("got %+v, %v", got, err)
	}
}

func TestTrustsOnlyTheBundleOfItsHash(t *testing.T) {
	if err := (Token{CAHash: Hash([]byte("foo"))}).Trusts([]byte("foo")); err != nil {
		t.Error(err)
	}
	if err := (Token{Secret: "bare"}).Trusts([]byte("anything")); err != nil {
		t.Error(err)
	}
	err := (Token{CAHash: hash}).Trusts([]byte("bar"))
	if err == nil || !strings.Contains(err.Error(), "this is another cluster than the token's") {
		t.Errorf("got %v", err)
	}
}
