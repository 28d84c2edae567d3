package sshentry

import (
	"net"
	"time"

	"golang.org/x/crypto/ssh"
)

// handshakeLimit keeps a client that says nothing from staying for ever.
const handshakeLimit = 30 * time.Second

// forwarding is what a client says when it wants to be connected further.
// https://www.rfc-editor.org/rfc/rfc4254#section-7.2
type forwarding struct {
	Host       string
	Port       uint32
	OriginHost string
	OriginPort uint32
}

// serveBastion connects a login further and lets it do nothing else.
func (e *Entry) serveBastion(connection net.Conn) {
	_ = connection.SetDeadline(time.Now().Add(handshakeLimit))
	login, channels, requests, err := ssh.NewServerConn(connection, e.logins)
	if err != nil {
		return // the client was told why
	}
	_ = connection.SetDeadline(time.Time{})
	defer login.Close()
	go ssh.DiscardRequests(requests)
	for wanted := range channels {
		if wanted.ChannelType() != "direct-tcpip" {
			_ = wanted.Reject(ssh.Prohibited, "this is a bastion: it only connects further")
			continue
		}
		var to forwarding
		if err := ssh.Unmarshal(wanted.ExtraData(), &to); err != nil {
			_ = wanted.Reject(ssh.ConnectionFailed, "where to connect to is not understood")
			continue
		}
		channel, requests, err := wanted.Accept()
		if err != nil {
			return
		}
		go ssh.DiscardRequests(requests)
		e.clients.working.Go(func() {
			defer channel.Close()
			e.behind.serve(e, to.Host, to.Port, &tunnel{Channel: channel, connection: connection})
		})
	}
}

// tunnel is a channel through the bastion, as a connection.
type tunnel struct {
	ssh.Channel
	connection net.Conn
}

func (t *tunnel) LocalAddr() net.Addr  { return t.connection.LocalAddr() }
func (t *tunnel) RemoteAddr() net.Addr { return t.connection.RemoteAddr() }

// The bastion's own connection is what ends a tunnel.
func (t *tunnel) SetDeadline(time.Time) error      { return nil }
func (t *tunnel) SetReadDeadline(time.Time) error  { return nil }
func (t *tunnel) SetWriteDeadline(time.Time) error { return nil }
