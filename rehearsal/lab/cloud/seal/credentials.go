package seal

import (
	"encoding/base32"
	"encoding/base64"
	"time"
)

const credentialUse = "credentials"

// lengths of AWS's temporary credentials
const (
	keyDigits    = 16
	secretDigits = 40
)

// Session is for whom credentials were made.
type Session struct {
	// Role is the name of the role.
	Role string `json:"role"`
	// Instance is the identifier of the machine, which is the name of the session too.
	Instance string    `json:"instance"`
	Expires  time.Time `json:"expires"`
}

// Credentials sign the calls of one machine.
type Credentials struct {
	AccessKeyID     string
	SecretAccessKey string
	Token           string
	Expires         time.Time
}

// Issue makes the credentials of a session; the same session gets the same.
func (s *Sealer) Issue(session Session) (Credentials, error) {
	token, err := s.Seal(credentialUse, session)
	if err != nil {
		return Credentials{}, err
	}
	return s.credentials(token, session), nil
}

// Session is what a session token says, with the credentials that belong to it; ErrForged if it is not the lab's.
// Whether it has expired is for the caller to see.
func (s *Sealer) Session(token string) (Session, Credentials, error) {
	var session Session
	if err := s.Open(credentialUse, token, &session); err != nil {
		return Session{}, Credentials{}, err
	}
	return session, s.credentials(token, session), nil
}

func (s *Sealer) credentials(token string, session Session) Credentials {
	return Credentials{
		AccessKeyID:     "ASIA" + base32.StdEncoding.EncodeToString(s.Derive("key", token))[:keyDigits],
		SecretAccessKey: base64.StdEncoding.EncodeToString(s.Derive("secret", token))[:secretDigits],
		Token:           token,
		Expires:         session.Expires,
	}
}
