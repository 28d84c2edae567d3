package vault

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
)

// refusal is an answer other than success, in Vault's own words.
type refusal struct {
	code int
	text string
}

func (r *refusal) Error() string { return r.text }

var (
	errDenied   = &refusal{http.StatusForbidden, "1 error occurred:\n\t* permission denied\n\n"}
	errWrapping = &refusal{http.StatusBadRequest, "wrapping token is not valid or does not exist"}
	errLogin    = &refusal{http.StatusBadRequest, "invalid role or secret ID"}
	errCheck    = &refusal{http.StatusBadRequest, "check-and-set parameter did not match the current version"}
	// a secret that is not there is no error in words
	errMissing = &refusal{http.StatusNotFound, ""}
)

func errAddress(address string) error {
	return &refusal{http.StatusForbidden, fmt.Sprintf("source address %q unauthorized through CIDR restrictions", address)}
}

func errNotKnown(method, path string) error {
	return &refusal{http.StatusNotFound, fmt.Sprintf("the rehearsal's Vault does not know %s %s", method, path)}
}

func write(w http.ResponseWriter, answer any, err error) {
	w.Header().Set("Content-Type", "application/json")
	code := http.StatusOK
	if err != nil {
		said := []string{err.Error()}
		code = http.StatusInternalServerError
		var refused *refusal
		if errors.As(err, &refused) {
			code = refused.code
			if refused.text == "" {
				said = []string{}
			}
		}
		answer = map[string]any{"errors": said}
	}
	raw, err := json.Marshal(answer)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.WriteHeader(code)
	_, _ = w.Write(append(raw, '\n'))
}
