package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

func environment(values map[string]string) func(string) string {
	return func(name string) string { return values[name] }
}

func TestPortsComeFromTheImage(t *testing.T) {
	for text, want := range map[string]string{"": "[8080]", "9898": "[9898]", "9898, 9090": "[9898 9090]"} {
		got, err := settingsFrom(environment(map[string]string{"PORT": text}))
		if err != nil || fmt.Sprint(got.ports) != want {
			t.Errorf("%q: %v %v", text, got.ports, err)
		}
	}
	for name, text := range map[string]string{"PORT": "http", "GRACE_SECONDS": "-1"} {
		if _, err := settingsFrom(environment(map[string]string{name: text})); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("'%s' is '%s'", name, text)) {
			t.Errorf("%s=%s: %v", name, text, err)
		}
	}
}

// journal is written while it is read.
type journal struct {
	mutex sync.Mutex
	text  bytes.Buffer
}

func (j *journal) Write(raw []byte) (int, error) {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	return j.text.Write(raw)
}

func (j *journal) has(text string) bool {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	return strings.Contains(j.text.String(), text)
}

func await(t *testing.T, what string, isSo func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !isSo(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not in time: %s", what)
		}
	}
}

func freePort(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}

func TestRequestsAreAnsweredUntilTheGraceIsOver(t *testing.T) {
	first, second := freePort(t), freePort(t)
	told, tell := context.WithCancel(context.Background())
	log := &journal{}
	ended := make(chan error, 1)
	go func() {
		ended <- serve(told, settings{host: "pod-1", ports: []int{first, second}, grace: 3 * time.Second}, log)
	}()
	await(t, "start", func() bool { return log.has("pod-1 started on") })
	for _, port := range []int{first, second} {
		for _, path := range []string{"/healthz", "/readyz", "/any/path"} {
			response, err := http.Get(fmt.Sprintf("http://127.0.0.1:%d%s", port, path))
			if err != nil {
				t.Fatal(err)
			}
			var got answer
			if err := json.NewDecoder(response.Body).Decode(&got); err != nil || response.StatusCode != 200 || got != (answer{"pod-1", path}) {
				t.Errorf("%s: %d %v %v", path, response.StatusCode, got, err)
			}
			_ = response.Body.Close()
		}
	}
	tell()
	await(t, "order to end", func() bool { return log.has("told to end") })
	if response, err := http.Get(fmt.Sprintf("http://127.0.0.1:%d/", first)); err != nil || response.StatusCode != 200 {
		t.Errorf("a request during the grace: %v", err)
	}
	if err := <-ended; err != nil || !log.has("pod-1 ended") {
		t.Errorf("end: %v", err)
	}
}

func TestAPortInUseIsAnError(t *testing.T) {
	listener, err := net.Listen("tcp", ":0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	port := listener.Addr().(*net.TCPAddr).Port
	if err := serve(context.Background(), settings{ports: []int{port}}, &journal{}); err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("got %v", err)
	}
}

func TestGetTellsStatusAndBody(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/slow":
			<-r.Context().Done()
			return
		case "/refused":
			w.WriteHeader(http.StatusUnauthorized)
		}
		fmt.Fprintf(w, "%s %s", r.Method, r.Header.Get("X-Who"))
	}))
	defer server.Close()
	for _, c := range []struct {
		arguments []string
		code      int
		out       string
		problem   string
	}{
		{[]string{"-timeout", "1m", server.URL + "/"}, 0, "200\nGET ", ""},
		{[]string{"-timeout", "1m", "-method", "PUT", "-header", "X-Who: me", server.URL + "/"}, 0, "200\nPUT me", ""},
		{[]string{"-timeout", "1m", server.URL + "/refused"}, 1, "401\nGET ", ""},
		{[]string{"-timeout", "50ms", server.URL + "/slow"}, 1, "", "deadline exceeded"},
		{[]string{"-timeout", "1m", "http://127.0.0.1:1/"}, 1, "", "refused"},
		{nil, 2, "", "usage: app get"},
		{[]string{"-unknown"}, 2, "", "not defined"},
	} {
		var out, problems bytes.Buffer
		if code := get(c.arguments, &out, &problems); code != c.code || out.String() != c.out || !strings.Contains(problems.String(), c.problem) {
			t.Errorf("%v: %d %q %q", c.arguments, code, out.String(), problems.String())
		}
	}
}
