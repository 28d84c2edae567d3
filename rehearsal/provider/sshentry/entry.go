// Package sshentry plays a bastion on loopback: a client that has the key of its agent gets a connection to any address.
// What is there is either played as well, where it may copy files and run commands, or a real host.
package sshentry

import (
	"errors"
	"net"

	"golang.org/x/crypto/ssh"
)

// Behind is what the bastion leads to. Several connections use it at once.
type Behind interface {
	// serve has a connection with a host until one of both ends it.
	serve(e *Entry, host string, port uint32, connection *tunnel)
}

// Hosts are machines behind the bastion that are played. Several connections use them at once.
type Hosts interface {
	// Upload takes a file that a login copies to a host; the name is as the login gives it.
	Upload(host, name string, content []byte) error
	// Run runs a command of a login and answers its exit code and what it prints.
	Run(host, command string) (output string, exitCode int)
}

// Entry is a running bastion.
type Entry struct {
	// Port on 127.0.0.1.
	Port int
	// HostKey is the public key of the bastion and of every host behind it, or of the authority that has signed theirs, as in
	// an authorized_keys file. It is one key, because a Terraform of before March 2026 holds the bastion's key against that of the host:
	// https://github.com/hashicorp/terraform/pull/38318
	HostKey string
	// AgentSocket is the socket of an agent whose only key opens the bastion and the hosts.
	AgentSocket string

	behind  Behind
	agent   *keyAgent
	logins  *ssh.ServerConfig
	clients *connections
}

// Start opens the bastion on a free port.
func Start(own *Keys, behind Behind) (*Entry, error) {
	keys, err := startAgent(own.login)
	if err != nil {
		return nil, err
	}
	e := &Entry{AgentSocket: keys.socket, behind: behind, agent: keys}
	var listener net.Listener
	e.logins, e.HostKey, err = serverConfig(own, keys.public)
	if err == nil {
		listener, err = net.Listen("tcp", "127.0.0.1:0")
	}
	if err != nil {
		keys.stop()
		return nil, err
	}
	address, _ := listener.Addr().(*net.TCPAddr)
	e.Port = address.Port
	e.clients = connectionsOf(listener)
	e.clients.serve(e.serveBastion)
	return e, nil
}

// serverConfig admits the agent's key alone.
func serverConfig(own *Keys, admitted ssh.PublicKey) (config *ssh.ServerConfig, public string, err error) {
	signer, public, err := own.hostKey()
	if err != nil {
		return nil, "", err
	}
	config = &ssh.ServerConfig{
		PublicKeyCallback: func(_ ssh.ConnMetadata, offered ssh.PublicKey) (*ssh.Permissions, error) {
			if string(offered.Marshal()) != string(admitted.Marshal()) {
				return nil, errors.New("not the key of the rehearsal's agent")
			}
			return nil, nil
		},
	}
	config.AddHostKey(signer)
	return config, public, nil
}

// Stop ends every connection and waits until nobody works any more.
func (e *Entry) Stop() {
	e.clients.stop()
	e.agent.stop()
}
