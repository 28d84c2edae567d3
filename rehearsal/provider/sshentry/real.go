package sshentry

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// doorDeadline is how long the lab may take to reach a host or to say that it does not.
const doorDeadline = 15 * time.Second

// real leads to hosts that run in the lab, through the door in its folder (rehearsal/lab/door).
type real struct{ door string }

// Real are the hosts of the lab with this socket.
func Real(door string) Behind { return real{door: door} }

func (r real) serve(_ *Entry, host string, port uint32, connection *tunnel) {
	to, input, err := r.dial(host, port)
	if err != nil {
		return // the client sees a connection that ends: whoever waits for a host asks again
	}
	defer to.Close()
	go func() {
		_, _ = io.Copy(to, connection)
		_ = to.Close()
	}()
	_, _ = io.Copy(connection, input)
}

func (r real) dial(host string, port uint32) (net.Conn, io.Reader, error) {
	folder, err := os.Open(filepath.Dir(r.door)) // a path may be longer than a socket's name
	if err != nil {
		return nil, nil, err
	}
	defer folder.Close()
	to, err := net.Dial("unix", fmt.Sprintf("/proc/self/fd/%d/%s", folder.Fd(), filepath.Base(r.door)))
	if err != nil {
		return nil, nil, err
	}
	_ = to.SetDeadline(time.Now().Add(doorDeadline))
	input := bufio.NewReader(to)
	answer := ""
	if _, err = fmt.Fprintf(to, "%s:%d\n", host, port); err == nil {
		answer, err = input.ReadString('\n')
	}
	if err == nil && strings.TrimSpace(answer) != "ok" {
		err = fmt.Errorf("%s", strings.TrimSpace(answer))
	}
	if err != nil {
		_ = to.Close()
		return nil, nil, err
	}
	_ = to.SetDeadline(time.Time{})
	return to, input, nil
}
