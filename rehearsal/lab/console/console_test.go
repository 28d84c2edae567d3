package console

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"net"
	"testing"
	"time"

	"drover/rehearsal/lab/host"
)

func TestAMachineOfADataCentreIsReachedAsIfOneSatAtIt(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	asked := make(chan string, 1)
	c := &Console{
		Machines: func() []host.Machine {
			return []host.Machine{
				{ID: "i-1", Address: "10.20.0.5", State: host.Running},
				{ID: "metal-hall-kv-01", Address: "10.40.0.11", State: host.Running, IsBare: true},
			}
		},
		Dial: func(_ context.Context, id, address string) (net.Conn, error) {
			asked <- id + " " + address
			near, far := net.Pipe()
			go func() {
				line, _ := bufio.NewReader(far).ReadString('\n')
				fmt.Fprint(far, "heard "+line)
				_ = far.Close()
			}()
			return near, nil
		},
		Log: slog.New(slog.DiscardHandler),
	}
	c.Open(ctx)
	defer c.Wait()
	defer cancel()
	if got := c.API("10.20.0.5"); got != "10.20.0.5:6443" {
		t.Errorf("a cloud's machine: %q", got)
	}
	at := c.API("10.40.0.11")
	if again := c.API("10.40.0.11"); again != at {
		t.Errorf("%q, then %q", at, again)
	}
	client, err := net.DialTimeout("tcp4", at, 15*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	_ = client.SetDeadline(time.Now().Add(15 * time.Second))
	fmt.Fprintln(client, "hello")
	if line, _ := bufio.NewReader(client).ReadString('\n'); line != "heard hello\n" {
		t.Errorf("got %q", line)
	}
	if got := <-asked; got != "metal-hall-kv-01 127.0.0.1:6443" {
		t.Errorf("dialled %q", got)
	}
}
