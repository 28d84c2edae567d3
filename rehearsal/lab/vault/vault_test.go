package vault

import (
	"crypto/tls"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"drover/rehearsal/lab/world"
)

const (
	address = "https://vault.example.com:8200"
	join    = "drover/data/lab/management/join"
	marker  = "drover/data/lab/management/cluster-initialised"
)

// stage is a Vault with two hosts: kv-01 reads the join secret and makes the marker, kv-02 may do nothing.
type stage struct {
	t     *testing.T
	vault *Vault
}

func start(t *testing.T) *stage {
	t.Helper()
	s := &stage{t: t, vault: &Vault{World: world.Open(t.TempDir()), Log: slog.New(slog.DiscardHandler)}}
	s.host("kv-01", "10.40.0.11", `path "`+join+`" {
  capabilities = ["read"]
}
path "`+marker+`" {
  capabilities = ["create", "read"]
}
`)
	s.host("kv-02", "10.40.0.12", "# nothing")
	s.put(&world.Object{Type: kvKind, ID: join, Scope: address, Attrs: map[string]any{"metadata": map[string]any{"version": "1"}},
		Secrets: map[string]any{"data_json_wo": `{"value":"s3cret"}`}})
	return s
}

func (s *stage) put(object *world.Object) {
	s.t.Helper()
	if err := s.vault.World.Put(object); err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) host(name, at, policy string) {
	s.put(&world.Object{Type: policyKind, ID: name, Scope: address, Attrs: map[string]any{"name": name, "policy": policy}})
	s.put(&world.Object{Type: roleKind, ID: name, Scope: address, Attrs: map[string]any{
		"role_id": name, "role_name": name, "backend": "approle", "token_policies": []any{name}, "token_ttl": json.Number("1200"),
		"secret_id_bound_cidrs": []any{at + "/32"}, "token_bound_cidrs": []any{at + "/32"},
	}})
	s.put(&world.Object{Type: secretIDKind, ID: "secret of " + name, Scope: address, Attrs: map[string]any{
		"role_name": name, "backend": "approle", "wrapping_token": "hvs.wrap-" + name,
	}})
}

// ask gives the code and the answer.
func (s *stage) ask(from, token, method, path, body string) (int, map[string]any) {
	s.t.Helper()
	request := httptest.NewRequest(method, address+"/v1/"+path, strings.NewReader(body))
	request.Host, request.RemoteAddr = "vault.example.com:8200", from+":40000"
	request.Header.Set("X-Vault-Token", token)
	recorder := httptest.NewRecorder()
	s.vault.ServeHTTP(recorder, request)
	out := map[string]any{}
	if err := json.Unmarshal(recorder.Body.Bytes(), &out); err != nil {
		s.t.Fatal(err)
	}
	return recorder.Code, out
}

func (s *stage) expect(code int, from, token, method, path, body string) map[string]any {
	s.t.Helper()
	got, answer := s.ask(from, token, method, path, body)
	if got != code {
		s.t.Errorf("%s %s from %s: %d %v, expected %d", method, path, from, got, answer, code)
	}
	return answer
}

// enter unwraps and logs in as a host does.
func (s *stage) enter(name, from string) string {
	s.t.Helper()
	unwrapped := s.expect(http.StatusOK, from, "hvs.wrap-"+name, "POST", "sys/wrapping/unwrap", "{}")
	id, _ := world.At(unwrapped, "data.secret_id").(string)
	login := s.expect(http.StatusOK, from, "", "POST", "auth/approle/login", `{"role_id":"`+name+`","secret_id":"`+id+`"}`)
	token, _ := world.At(login, "auth.client_token").(string)
	return token
}

func TestAHostReadsWhatItsRoleGrantsAndNothingElse(t *testing.T) {
	s := start(t)
	first, second := s.enter("kv-01", "10.40.0.11"), s.enter("kv-02", "10.40.0.12")
	answer := s.expect(http.StatusOK, "10.40.0.11", first, "GET", join, "")
	if got := world.At(answer, "data.data.value"); got != "s3cret" {
		t.Errorf("got %v", got)
	}
	refused := s.expect(http.StatusForbidden, "10.40.0.12", second, "GET", join, "")
	if text, _ := world.At(refused, "errors.0").(string); !strings.Contains(text, "permission denied") {
		t.Errorf("refused with %v", refused)
	}
	s.expect(http.StatusForbidden, "10.40.0.11", first, "POST", join, `{"data":{"value":"other"}}`)
	s.expect(http.StatusForbidden, "10.40.0.11", "hvs.unknown", "GET", join, "")
	s.expect(http.StatusForbidden, "10.40.0.12", first, "GET", join, "") // a stolen token
}

func TestATokenBringsItsSecretOnceAndFromOneAddress(t *testing.T) {
	s := start(t)
	unwrapped := s.expect(http.StatusOK, "10.40.0.11", "hvs.wrap-kv-01", "POST", "sys/wrapping/unwrap", "{}")
	again := s.expect(http.StatusBadRequest, "10.40.0.66", "hvs.wrap-kv-01", "POST", "sys/wrapping/unwrap", "{}")
	if got := world.At(again, "errors.0"); got != "wrapping token is not valid or does not exist" {
		t.Errorf("got %v", got)
	}
	id, _ := world.At(unwrapped, "data.secret_id").(string)
	body := `{"role_id":"kv-01","secret_id":"` + id + `"}`
	s.expect(http.StatusForbidden, "10.40.0.66", "", "POST", "auth/approle/login", body)
	s.expect(http.StatusBadRequest, "10.40.0.11", "", "POST", "auth/other/login", body)
	s.expect(http.StatusBadRequest, "10.40.0.11", "", "POST", "auth/approle/login", `{"role_id":"kv-01","secret_id":""}`)
	if err := s.vault.World.Remove(&world.Object{Type: secretIDKind, ID: "secret of kv-01", Scope: address}); err != nil {
		t.Fatal(err)
	}
	s.expect(http.StatusBadRequest, "10.40.0.11", "", "POST", "auth/approle/login", body) // Terraform has taken it back
}

func TestAMarkerIsMadeOnce(t *testing.T) {
	s := start(t)
	token := s.enter("kv-01", "10.40.0.11")
	body := `{"options":{"cas":0},"data":{"value":"kv-01"}}`
	s.expect(http.StatusNotFound, "10.40.0.11", token, "GET", marker, "")
	s.expect(http.StatusOK, "10.40.0.11", token, "POST", marker, body)
	s.expect(http.StatusForbidden, "10.40.0.11", token, "POST", marker, body) // the policy knows no update
	made, err := s.vault.World.Find(kvKind, marker)
	if err != nil || made == nil || made.Scope != address || world.Text(made, "data_json") != `{"value":"kv-01"}` {
		t.Errorf("the world has %+v, %v", made, err)
	}
}

func TestASecretThatWasDeletedWithItsVersionsLeftIsNoNewOne(t *testing.T) {
	s := start(t)
	token := s.enter("kv-01", "10.40.0.11")
	deleted := &world.Object{Type: kvKind, ID: marker, Scope: address, Attrs: map[string]any{"metadata": map[string]any{"version": "2"}}}
	if err := s.vault.World.Deleted().Put(deleted); err != nil {
		t.Fatal(err)
	}
	s.expect(http.StatusForbidden, "10.40.0.11", token, "POST", marker, `{"options":{"cas":0},"data":{"value":"x"}}`)
}

func TestHealthIsToldToAnybodyAndTheUnknownIsNot(t *testing.T) {
	s := start(t)
	s.expect(http.StatusOK, "10.40.0.66", "", "GET", "sys/health", "")
	s.expect(http.StatusNotFound, "10.40.0.66", "", "GET", "sys/mounts", "")
}

func TestOnlyTheEnvironmentsVaultHasACertificate(t *testing.T) {
	s := start(t)
	s.put(&world.Object{Type: siteKind, ID: "hall", Scope: "metal", Attrs: map[string]any{"vault": address}})
	s.vault.Leaf = func(name string) (*tls.Certificate, error) { return nil, errors.New("leaf of " + name) }
	for name, want := range map[string]string{
		"vault.example.com": "leaf of vault.example.com", "other.example.com": `no Vault of the lab has the name "other.example.com"`,
	} {
		if _, err := s.vault.certificate(&tls.ClientHelloInfo{ServerName: name}); err == nil || err.Error() != want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPoliciesAreReadAsVaultReadsThem(t *testing.T) {
	rules, err := parsePolicy(`path "a/+/c" { capabilities = ["read"] }
# path "z" { capabilities = ["read"] }
path "b/*" {
  capabilities = ["create", "update"]
}
path "b/no" { capabilities = ["deny"] }`)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]bool{"a/x/c": true, "a/c": false, "a/x/c/d": false, "z": false} {
		if allows(rules, path, "read") != want {
			t.Errorf("read of %s: %v", path, !want)
		}
	}
	for path, want := range map[string]bool{"b/x/y": true, "b/no": false, "bb": false} {
		if allows(rules, path, "update") != want {
			t.Errorf("update of %s: %v", path, !want)
		}
	}
	for _, text := range []string{`path "a" { policy = "write" }`, `path "a" { capabilities = ["anything"] }`} {
		if _, err := parsePolicy(text); err == nil {
			t.Errorf("%s was understood", text)
		}
	}
}
