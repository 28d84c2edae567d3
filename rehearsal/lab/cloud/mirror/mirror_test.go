package mirror

import (
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"testing"
)

func TestAMirrorServesFilesUntilItRefuses(t *testing.T) {
	folder := t.TempDir()
	if err := os.MkdirAll(filepath.Join(folder, "0", "pool"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "0", "pool", "a~1.deb"), []byte("bytes"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := &Server{Folder: folder, Addr: netip.MustParseAddrPort("127.0.0.1:0"), Log: slog.New(slog.DiscardHandler)}
	if err := s.Refuse(false); err != nil {
		t.Fatal(err)
	}
	get := func(path string) (int, string) {
		response, err := http.Get("http://" + s.Addr.String() + path)
		if err != nil {
			return 0, ""
		}
		defer response.Body.Close()
		body, _ := io.ReadAll(response.Body)
		return response.StatusCode, string(body)
	}
	if status, body := get("/0/pool/a%7e1.deb"); status != http.StatusOK || body != "bytes" {
		t.Fatalf("got %d %q", status, body)
	}
	for _, path := range []string{"/0/pool/", "/0/../../etc/hostname", "/other"} {
		if status, _ := get(path); status != http.StatusNotFound {
			t.Errorf("%q: got %d", path, status)
		}
	}
	for range 2 { // twice is once
		if err := s.Refuse(true); err != nil {
			t.Fatal(err)
		}
	}
	if status, _ := get("/0/pool/a~1.deb"); status != 0 {
		t.Fatalf("got %d from a mirror that is down", status)
	}
	if err := s.Refuse(false); err != nil {
		t.Fatal(err)
	}
	if status, _ := get("/0/pool/a~1.deb"); status != http.StatusOK {
		t.Fatalf("got %d from a mirror that is up again", status)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Refuse(false); err != nil {
		t.Fatal(err)
	}
	if status, _ := get("/0/pool/a~1.deb"); status != 0 {
		t.Fatal("it listens after its end")
	}
}
