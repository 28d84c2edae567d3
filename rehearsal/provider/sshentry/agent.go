package sshentry

import (
	"crypto/ed25519"
	"net"
	"os"
	"path/filepath"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

// keyAgent is an ssh agent with one key that lives as long as it does.
type keyAgent struct {
	socket  string
	public  ssh.PublicKey
	clients *connections
}

func startAgent(private ed25519.PrivateKey) (*keyAgent, error) {
	signer, err := ssh.NewSignerFromKey(private)
	if err != nil {
		return nil, err
	}
	keys := agent.NewKeyring()
	if err := keys.Add(agent.AddedKey{PrivateKey: private, Comment: "rehearsal"}); err != nil {
		return nil, err
	}
	// A socket's path may have about 100 characters, and a project's folder may be a deep one.
	folder, err := os.MkdirTemp("", "drover-agent-")
	if err != nil {
		return nil, err
	}
	socket := filepath.Join(folder, "socket")
	listener, err := net.Listen("unix", socket)
	if err != nil {
		_ = os.RemoveAll(folder)
		return nil, err
	}
	clients := connectionsOf(listener)
	clients.serve(func(client net.Conn) {
		_ = agent.ServeAgent(keys, client) // ends with an error when the client hangs up
	})
	return &keyAgent{socket: socket, public: signer.PublicKey(), clients: clients}, nil
}

func (a *keyAgent) stop() {
	a.clients.stop()
	_ = os.RemoveAll(filepath.Dir(a.socket))
}
