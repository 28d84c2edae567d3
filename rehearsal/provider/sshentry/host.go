package sshentry

import (
	"fmt"
	"io"

	"golang.org/x/crypto/ssh"
)

// notFound is a shell's exit code for a command that it doesn't find.
const notFound = 127

// played has the entry itself be the SSH server of each host.
type played struct{ hosts Hosts }

// Played are hosts behind the bastion that do not run.
func Played(hosts Hosts) Behind { return played{hosts: hosts} }

func (p played) serve(e *Entry, host string, _ uint32, connection *tunnel) {
	login, channels, requests, err := ssh.NewServerConn(connection, e.logins)
	if err != nil {
		return
	}
	defer login.Close()
	go ssh.DiscardRequests(requests)
	for wanted := range channels {
		if wanted.ChannelType() != "session" {
			_ = wanted.Reject(ssh.UnknownChannelType, "only sessions are served")
			continue
		}
		channel, requests, err := wanted.Accept()
		if err != nil {
			return
		}
		e.clients.working.Go(func() {
			defer channel.Close()
			p.serveSession(host, channel, requests)
		})
	}
}

// serveSession runs the one command of a session.
func (p played) serveSession(host string, channel ssh.Channel, requests <-chan *ssh.Request) {
	for request := range requests {
		switch request.Type {
		case "pty-req", "env", "auth-agent-req@openssh.com":
			_ = request.Reply(true, nil)
		case "exec":
			var command struct{ Text string }
			if err := ssh.Unmarshal(request.Payload, &command); err != nil {
				_ = request.Reply(false, nil)
				return
			}
			_ = request.Reply(true, nil)
			go ssh.DiscardRequests(requests)
			code := p.execute(host, command.Text, channel)
			_, _ = channel.SendRequest("exit-status", false, ssh.Marshal(struct{ Code uint32 }{uint32(code)}))
			return
		default:
			_ = request.Reply(false, nil)
		}
	}
}

func (p played) execute(host, command string, channel ssh.Channel) int {
	words, err := Words(command)
	if err != nil {
		_, _ = fmt.Fprintf(channel.Stderr(), "%v\n", err)
		return 2
	}
	if target, isSink := scpTarget(words); isSink {
		sink := &scpSink{stream: channel, store: func(name string, content []byte) error { return p.hosts.Upload(host, name, content) }}
		if err := sink.receive(target); err != nil {
			_, _ = fmt.Fprintf(channel.Stderr(), "scp: %v\n", err)
			return 1
		}
		return 0
	}
	output, code := p.hosts.Run(host, command)
	if _, err := io.WriteString(channel, output); err != nil {
		return notFound // nobody listens any more
	}
	return code
}
