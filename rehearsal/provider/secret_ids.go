package main

import (
	"fmt"
	"strings"
)

// login refuses what Vault has not given out for a role: neither its secret, nor a token that brings the secret once. A
// host keeps what it has got until it leaves, so for it the same token is as good a second time.
func (s *server) login(host, roleID, proof string) error {
	proof = strings.TrimSpace(proof)
	roles, err := s.world.all("vault_approle_auth_backend_role")
	if err != nil {
		return err
	}
	given, err := s.world.all("vault_approle_auth_backend_role_secret_id")
	if err != nil {
		return err
	}
	for _, role := range roles {
		for _, secret := range given {
			ofRole := secret.Attrs["role_name"] == role.Attrs["role_name"] && secret.Scope == role.Scope
			if role.Attrs["role_id"] != roleID || !ofRole || proof == "" {
				continue
			}
			if secret.Attrs["secret_id"] == proof {
				return nil
			}
			if secret.Attrs["wrapping_token"] == proof {
				return s.unwrap(secret, host)
			}
		}
	}
	return fmt.Errorf("no login with role %q: invalid role or secret ID", roleID)
}

// unwrap uses a token up. Where the token is all that the provider knows of the secret, it finds the secret gone then.
func (s *server) unwrap(secret *record, host string) error {
	if by := textOf(secret.Live, "unwrapped"); by == host {
		return nil
	} else if by != "" {
		return fmt.Errorf("wrapping token is not valid or does not exist: %s has used it", by)
	}
	if known, _ := secret.Attrs["with_wrapped_accessor"].(bool); !known {
		return s.world.remove(secret, true)
	}
	secret.Live = map[string]any{"unwrapped": host}
	return s.world.put(secret)
}

// forgetSecrets: a host that leaves keeps nothing, and a token that it has used brings nothing a second time.
func (s *server) forgetSecrets(host string) error {
	given, err := s.world.all("vault_approle_auth_backend_role_secret_id")
	if err != nil {
		return err
	}
	for _, secret := range given {
		if textOf(secret.Live, "unwrapped") != host {
			continue
		}
		secret.Live["unwrapped"] = host + ", which has left since,"
		if err := s.world.put(secret); err != nil {
			return err
		}
	}
	return nil
}
