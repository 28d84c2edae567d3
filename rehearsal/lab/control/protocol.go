// Package control is how a running lab is asked and told: requests over a unix socket, one a connection.
package control

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"

	"drover/rehearsal/lab/host"
)

// Request asks for one thing.
type Request struct {
	// Action is the name of a handler, such as "status".
	Action string `json:"action"`
	// Machine is an identifier or a name, where the action is about one.
	Machine string `json:"machine,omitempty"`
	// Arguments are the action's further words, such as a command.
	Arguments []string `json:"arguments,omitempty"`
	// Details are what an action needs beyond words, in a form of its own.
	Details json.RawMessage `json:"details,omitempty"`
	// DeadlineSec bounds the action. @default 60
	DeadlineSec int `json:"deadlineSec,omitempty"`

	// Streams are the client's own standard streams, where it sent them.
	Streams host.Streams `json:"-"`
}

// Response is what came of it.
type Response struct {
	Error    string         `json:"error,omitempty"`
	Machines []host.Machine `json:"machines,omitempty"`
	// Code is the exit code of a command.
	Code int `json:"code,omitempty"`
	// Text is an answer in words or JSON.
	Text string `json:"text,omitempty"`
}

// ErrNotRunning tells that no lab listens.
var ErrNotRunning = errors.New("the lab is not running: start it with \"drover-lab run\"")

// address of the socket. A path may be longer than a socket's name, so it is reached through its open folder; the
// caller closes the folder after use.
func address(lab string) (*net.UnixAddr, *os.File, error) {
	folder, err := os.Open(lab)
	if err != nil {
		return nil, nil, err
	}
	path := fmt.Sprintf("/proc/self/fd/%d/control.sock", folder.Fd())
	return &net.UnixAddr{Name: path, Net: "unix"}, folder, nil
}

func socket(lab string) string { return filepath.Join(lab, "control.sock") }

// largest request and response.
const (
	mostRequest = 64 << 10
	streamCount = 3
)

func decode(raw []byte, into any) error {
	if err := json.Unmarshal(raw, into); err != nil {
		return fmt.Errorf("not understood: %w", err)
	}
	return nil
}
