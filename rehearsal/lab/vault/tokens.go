package vault

import (
	"cmp"
	"crypto/rand"
	"net/netip"
	"slices"
	"sync"
	"time"

	"drover/rehearsal/lab/world"
)

const (
	roleKind     = "vault_approle_auth_backend_role"
	secretIDKind = "vault_approle_auth_backend_role_secret_id"
	policyKind   = "vault_policy"

	defaultTokenSec = 2764800 // Vault's own, 32 days
	defaultBackend  = "approle"
)

// token is what a login brings. It lives in memory: whoever has one of an earlier lab logs in again.
type token struct {
	role  *world.Object
	until time.Time
}

type tokens struct {
	mutex sync.Mutex
	known map[string]token
}

func (t *tokens) issue(role *world.Object, life time.Duration) string {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if t.known == nil {
		t.known = map[string]token{}
	}
	name := "hvs." + rand.Text()
	t.known[name] = token{role: role, until: time.Now().Add(life)}
	return name
}

func (t *tokens) find(name string) (token, bool) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	found, isKnown := t.known[name]
	return found, isKnown && time.Now().Before(found.until)
}

// unwrap gives the secret of a role to whoever brings the token first, and to nobody after.
func (v *Vault) unwrap(address, from, name string) (any, error) {
	v.changing.Lock()
	defer v.changing.Unlock()
	all, err := v.of(address, secretIDKind)
	if err != nil {
		return nil, err
	}
	for _, secret := range all {
		if name == "" || world.Text(secret, "wrapping_token") != name {
			continue
		}
		if _, isUsed := secret.Live["unwrapped"]; isUsed {
			return nil, errWrapping
		}
		id := rand.Text()
		secret.Live = map[string]any{"unwrapped": from, "secret_id": id}
		if err := v.World.Put(secret); err != nil {
			return nil, err
		}
		return map[string]any{"data": map[string]any{
			"secret_id": id, "secret_id_accessor": world.Text(secret, "accessor"), "secret_id_ttl": 0,
		}}, nil
	}
	return nil, errWrapping
}

// login takes a role and a secret of it.
func (v *Vault) login(address, from, backend, roleID, secretID string) (any, error) {
	roles, err := v.of(address, roleKind)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(roles, func(role *world.Object) bool {
		return roleID != "" && world.Text(role, "role_id") == roleID && backendOf(role) == backend
	})
	if at < 0 {
		return nil, errLogin
	}
	role := roles[at]
	secrets, err := v.of(address, secretIDKind)
	if err != nil {
		return nil, err
	}
	isProven := slices.ContainsFunc(secrets, func(secret *world.Object) bool {
		given, _ := secret.Live["secret_id"].(string)
		return world.Text(secret, "role_name") == world.Text(role, "role_name") && backendOf(secret) == backend &&
			secretID != "" && cmp.Or(given, world.Text(secret, "secret_id")) == secretID
	})
	if !isProven {
		return nil, errLogin
	}
	if !isBoundTo(role, "secret_id_bound_cidrs", from) || !isBoundTo(role, "token_bound_cidrs", from) {
		return nil, errAddress(from)
	}
	life := cmp.Or(world.Int(role, "token_ttl"), defaultTokenSec)
	issued := v.tokens.issue(role, time.Duration(life)*time.Second)
	return map[string]any{"auth": map[string]any{
		"client_token": issued, "lease_duration": life, "renewable": true, "token_type": "service",
		"policies": world.List(role, "token_policies"),
	}}, nil
}

func backendOf(object *world.Object) string {
	return cmp.Or(world.Text(object, "backend"), defaultBackend)
}

// isBoundTo tells whether a role may be used from an address; one that is not bound may be from everywhere.
func isBoundTo(role *world.Object, attribute, from string) bool {
	bound := world.List(role, attribute)
	address, err := netip.ParseAddr(from)
	if err != nil {
		return false
	}
	return len(bound) == 0 || slices.ContainsFunc(bound, func(text string) bool {
		network, err := netip.ParsePrefix(text)
		return err == nil && network.Contains(address)
	})
}

// authorize refuses a token that is unknown or over, comes from elsewhere, or whose policies do not grant this. It gives
// the role that the token is of.
func (v *Vault) authorize(address, from, name, path, capability string) (*world.Object, error) {
	found, isValid := v.tokens.find(name)
	if !isValid || found.role.Scope != "" && !sameAddress(found.role.Scope, address) || !isBoundTo(found.role, "token_bound_cidrs", from) {
		return nil, errDenied
	}
	all, err := v.of(address, policyKind)
	if err != nil {
		return nil, err
	}
	var rules []rule
	for _, policy := range all {
		if !slices.Contains(world.List(found.role, "token_policies"), world.Text(policy, "name")) {
			continue
		}
		parsed, err := parsePolicy(world.Text(policy, "policy"))
		if err != nil {
			return nil, err
		}
		rules = append(rules, parsed...)
	}
	if !allows(rules, path, capability) {
		v.Log.Warn("refused", "role", world.Text(found.role, "role_name"), "capability", capability, "path", path)
		return nil, errDenied
	}
	return found.role, nil
}
