// Package token reads and writes the token with which machines join a cluster.
package token

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"
)

// Token is either a bare secret, or the secure form K10<hash>::server:<secret>.
type Token struct {
	// CAHash is the sha256 of the cluster's CA bundle (PEM), lower-case hex; empty in the bare form.
	CAHash string
	// Secret is shared by all servers of the cluster.
	Secret string
}

var secure = regexp.MustCompile(`^K10([0-9a-f]{64})::([^:]+):(.+)$`)

// Parse reads either form; a final line break is not part of it.
func Parse(text string) (Token, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return Token{}, errEmpty()
	}
	if !strings.HasPrefix(text, "K10") || !strings.Contains(text, "::") {
		return Token{Secret: text}, nil
	}
	parts := secure.FindStringSubmatch(text)
	if parts == nil {
		return Token{}, errMalformed()
	}
	if parts[2] != "server" && parts[2] != "node" {
		return Token{}, errUser(parts[2])
	}
	return Token{CAHash: parts[1], Secret: parts[3]}, nil
}

// String is the secure form when the CA's hash is known.
func (t Token) String() string {
	if t.CAHash == "" {
		return t.Secret
	}
	return "K10" + t.CAHash + "::server:" + t.Secret
}

// Trusts compares the CA bundle of a server with the hash in the token. A bare secret trusts any.
func (t Token) Trusts(bundle []byte) error {
	if found := Hash(bundle); t.CAHash != "" && found != t.CAHash {
		return errOtherCA(t.CAHash, found)
	}
	return nil
}

// Hash is what a token holds of a CA bundle.
func Hash(bundle []byte) string {
	sum := sha256.Sum256(bundle)
	return hex.EncodeToString(sum[:])
}

func errEmpty() error { return fmt.Errorf("the token is empty: give 'token' or 'token-file'") }

func errMalformed() error {
	return fmt.Errorf("the token begins with 'K10' but is not 'K10<64 hexadecimal digits>::server:<secret>'")
}

func errUser(user string) error {
	return fmt.Errorf("the token is for '%s', allowed are 'server' and 'node'", user)
}

func errOtherCA(wanted, found string) error {
	return fmt.Errorf("token CA hash does not match the cluster CA certificate hash: '%s' != '%s'; this is another cluster than the token's",
		wanted, found)
}
