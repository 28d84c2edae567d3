package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"drover/rehearsal/rancher/kubeapi"
)

// errUnchanged ends a change without a write.
var errUnchanged = errors.New("nothing to write")

// change reads a Secret (an empty one if there is none), lets edit work on it and writes it back, again from the start
// when somebody else was faster.
func (s *Store) change(ctx context.Context, name string, edit func(*kubeapi.Secret) error) error {
	var err error
	for attempt := range attempts {
		if attempt > 0 {
			// so that equal servers don't meet again
			pause := time.Duration(5+rand.IntN(20*attempt)) * time.Millisecond
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(pause):
			}
		}
		if err = s.try(ctx, name, edit); !kubeapi.IsConflict(err) {
			return err
		}
	}
	return fmt.Errorf("secret '%s' was changed by others %d times in a row: %w", name, attempts, err)
}

func (s *Store) try(ctx context.Context, name string, edit func(*kubeapi.Secret) error) error {
	method, path := http.MethodPut, kubeapi.SecretPath(s.Namespace, name)
	var secret kubeapi.Secret
	err := s.Client.Do(ctx, http.MethodGet, path, nil, &secret)
	switch {
	case kubeapi.IsNotFound(err):
		method, path = http.MethodPost, kubeapi.SecretPath(s.Namespace)
		secret = kubeapi.Secret{Metadata: kubeapi.Metadata{Name: name, Namespace: s.Namespace}}
	case err != nil:
		return err
	}
	secret.APIVersion, secret.Kind = "v1", "Secret"
	if secret.Data == nil {
		secret.Data = map[string][]byte{}
	}
	if err := edit(&secret); err != nil {
		return err
	}
	return s.Client.Do(ctx, method, path, secret, nil)
}

func put(secret *kubeapi.Secret, key string, value any) error {
	raw, err := json.Marshal(value)
	if err != nil {
		return err
	}
	secret.Data[key] = raw
	return nil
}
