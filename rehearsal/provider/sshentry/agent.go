package sshentry

import (
	"crypto/ed25519"
	"net"
	"os"
	"path/filepath"
	"sync"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

// keyAgent is an ssh agent with one key that lives as long as it does.
type keyAgent struct {
	socket string
	public ssh.PublicKey

	keys     agent.Agent
	listener net.Listener
	clients  sync.WaitGroup
	mutex    sync.Mutex
	open     map[net.Conn]bool
	stopped  bool
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
	a := &keyAgent{socket: filepath.Join(folder, "socket"), public: signer.PublicKey(), keys: keys, open: map[net.Conn]bool{}}
	if a.listener, err = net.Listen("unix", a.socket); err != nil {
		_ = os.RemoveAll(folder)
		return nil, err
	}
	a.clients.Add(1)
	go a.accept()
	return a, nil
}

func (a *keyAgent) accept() {
	defer a.clients.Done()
	for {
		client, err := a.listener.Accept()
		if err != nil {
			return
		}
		if !a.admit(client) {
			_ = client.Close()
			return
		}
		go func() {
			defer a.clients.Done()
			_ = agent.ServeAgent(a.keys, client) // ends with an error when the client hangs up
			a.dismiss(client)
		}()
	}
}

func (a *keyAgent) admit(client net.Conn) bool {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if a.stopped {
		return false
	}
	a.open[client] = true
	a.clients.Add(1)
	return true
}

func (a *keyAgent) dismiss(client net.Conn) {
	_ = client.Close()
	a.mutex.Lock()
	defer a.mutex.Unlock()
	delete(a.open, client)
}

func (a *keyAgent) stop() {
	_ = a.listener.Close()
	a.mutex.Lock()
	a.stopped = true
	for client := range a.open {
		_ = client.Close()
	}
	a.mutex.Unlock()
	a.clients.Wait()
	_ = os.RemoveAll(filepath.Dir(a.socket))
}
