// Package seal makes texts that only the lab can have made: session tokens of the metadata service and credentials of
// machines. Nothing is remembered: a text carries what it says, and the lab's key proves it.
package seal

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// ErrForged is the answer to a text that this lab has not sealed for that use.
var ErrForged = errors.New("the text was not made by this lab")

// Sealer seals and opens with one key.
type Sealer struct {
	key []byte
}

// New makes a sealer with a key of its own.
func New() (*Sealer, error) {
	key := make([]byte, sha256.Size)
	if _, err := rand.Read(key); err != nil {
		return nil, fmt.Errorf("key of the lab: %w", err)
	}
	return &Sealer{key: key}, nil
}

// Seal makes a text out of a value that JSON can hold. A text sealed for one use is worth nothing for another.
func (s *Sealer) Seal(use string, value any) (string, error) {
	raw, err := json.Marshal(value)
	if err != nil {
		return "", err
	}
	body := base64.RawURLEncoding.EncodeToString(raw)
	return body + "." + base64.RawURLEncoding.EncodeToString(s.Derive("seal|"+use, body)), nil
}

// Open reads a sealed text into value, or answers ErrForged.
func (s *Sealer) Open(use, text string, value any) error {
	body, signature, found := strings.Cut(text, ".")
	given, err := base64.RawURLEncoding.DecodeString(signature)
	if !found || err != nil || !hmac.Equal(given, s.Derive("seal|"+use, body)) {
		return ErrForged
	}
	raw, err := base64.RawURLEncoding.DecodeString(body)
	if err != nil {
		return ErrForged
	}
	return json.Unmarshal(raw, value)
}

// Derive is a key of 32 bytes for a use and a text.
func (s *Sealer) Derive(use, text string) []byte {
	mac := hmac.New(sha256.New, s.key)
	mac.Write([]byte(use + "|" + text))
	return mac.Sum(nil)
}
