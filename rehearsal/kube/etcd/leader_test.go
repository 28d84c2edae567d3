package etcd

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestAMemberTellsWhetherItKnowsItsLeader(t *testing.T) {
	for text, want := range map[string]bool{
		"# TYPE etcd_server_has_leader gauge\netcd_server_has_leader 1\n": true,
		"etcd_server_has_leader 0\n":                                      false,
		"etcd_server_is_learner 1\n":                                      false,
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/metrics" {
				_, _ = io.WriteString(w, text)
			}
		}))
		got, err := HasLeader(context.Background(), server.URL)
		server.Close()
		if err != nil || got != want {
			t.Errorf("%q: got %v, %v", text, got, err)
		}
	}
}

func TestAMemberThatIsNotThereIsAnError(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	if _, err := HasLeader(context.Background(), server.URL); err == nil {
		t.Error("no error")
	}
}
