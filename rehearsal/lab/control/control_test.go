package control

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// serve answers in a folder whose path is longer than a socket's name may be.
func serve(t *testing.T, handlers map[string]Handler) string {
	t.Helper()
	lab := filepath.Join(t.TempDir(), strings.Repeat("deep", 30))
	if err := os.MkdirAll(lab, 0o700); err != nil {
		t.Fatal(err)
	}
	server := &Server{Log: slog.New(slog.DiscardHandler)}
	for action, handler := range handlers {
		server.Handle(action, handler)
	}
	ctx, cancel := context.WithCancel(context.Background())
	if err := server.Listen(ctx, lab); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cancel(); server.Wait() })
	return lab
}

func TestACommandWritesToTheClientsOwnStreams(t *testing.T) {
	lab := serve(t, map[string]Handler{"exec": func(_ context.Context, request Request) (Response, error) {
		input, err := io.ReadAll(request.Streams.In)
		if err != nil {
			return Response{}, err
		}
		_, err = fmt.Fprintf(request.Streams.Out, "%s on %s read %s", request.Arguments[0], request.Machine, input)
		return Response{Code: 7}, err
	}})
	in, feed, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	result, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	_, _ = feed.WriteString("words")
	_ = feed.Close()
	response, err := Ask(lab, Request{Action: "exec", Machine: "s1", Arguments: []string{"cat"}}, in, out, out)
	_ = out.Close()
	if err != nil || response.Code != 7 {
		t.Fatalf("got %+v, %v", response, err)
	}
	if text, _ := io.ReadAll(result); string(text) != "cat on s1 read words" {
		t.Fatalf("got %q", text)
	}
}

func TestALongRequestArrivesWhole(t *testing.T) {
	lab := serve(t, map[string]Handler{"count": func(_ context.Context, request Request) (Response, error) {
		return Response{Code: len(request.Arguments[0])}, nil
	}})
	response, err := Ask(lab, Request{Action: "count", Arguments: []string{strings.Repeat("x", 40_000)}})
	if err != nil || response.Code != 40_000 {
		t.Fatalf("got %+v, %v", response, err)
	}
}

func TestAnErrorAndAnUnknownActionReachTheClient(t *testing.T) {
	lab := serve(t, map[string]Handler{"cut": func(context.Context, Request) (Response, error) {
		return Response{}, errors.New("no such machine")
	}})
	if _, err := Ask(lab, Request{Action: "cut"}); err == nil || err.Error() != "no such machine" {
		t.Fatalf("got %v", err)
	}
	if _, err := Ask(lab, Request{Action: "fly"}); err == nil || err.Error() != `action "fly" is unknown` {
		t.Fatalf("got %v", err)
	}
}

func TestAnActionEndsWithItsDeadline(t *testing.T) {
	lab := serve(t, map[string]Handler{"wait": func(ctx context.Context, _ Request) (Response, error) {
		<-ctx.Done()
		return Response{}, context.Cause(ctx)
	}})
	began := time.Now()
	_, err := Ask(lab, Request{Action: "wait", DeadlineSec: 1})
	if err == nil || err.Error() != "not done within 1s" || time.Since(began) > 30*time.Second {
		t.Fatalf("got %v after %s", err, time.Since(began))
	}
}

func TestALabThatDoesNotRunIsSaidToBeSo(t *testing.T) {
	if _, err := Ask(t.TempDir(), Request{Action: "status"}); !errors.Is(err, ErrNotRunning) {
		t.Fatalf("got %v", err)
	}
	if _, err := Ask("/nonexistent", Request{Action: "status"}); !errors.Is(err, ErrNotRunning) {
		t.Fatalf("got %v", err)
	}
}
