package serve

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"log/slog"
	"os"

	"drover/rehearsal/kube/config"
	"drover/rehearsal/kube/etcd"
	"drover/rehearsal/kube/join"
	"drover/rehearsal/kube/layout"
	"drover/rehearsal/kube/node"
	"drover/rehearsal/kube/pki"
	"drover/rehearsal/kube/supervisor"
	"drover/rehearsal/kube/token"
)

// identity is what makes a server a member of its cluster.
type identity struct {
	cluster *pki.Cluster
	record  *etcd.Record
	token   token.Token
}

// establish finds the identity on the disk, begins a cluster, or joins one. Once there is data, 'server' is ignored.
func establish(ctx context.Context, c *config.Config) (*identity, error) {
	switch {
	case c.Data.HasMember():
		slog.Info("starting with the data of the disk")
		return resume(c)
	case c.Server == "":
		slog.Info("beginning a new cluster")
		return begin(c)
	default:
		slog.Info("joining", "server", c.Server)
		return enter(ctx, c)
	}
}

func resume(c *config.Config) (*identity, error) {
	record, err := etcd.ReadRecord(c.Data)
	if err != nil {
		return nil, err
	}
	if record == nil || !pki.Exists(c.Data) {
		return nil, errDataWithoutKeys(c.Data.Server())
	}
	if err := record.CheckAddress(etcd.PeerOf(c.NodeIP)); err != nil {
		return nil, err
	}
	return assemble(c, record)
}

func begin(c *config.Config) (*identity, error) {
	if !pki.Exists(c.Data) {
		if err := pki.Create(c.Data); err != nil {
			return nil, err
		}
	}
	name, peer := etcd.NewName(c.NodeName), etcd.PeerOf(c.NodeIP)
	record := &etcd.Record{Name: name, Peer: peer, Cluster: name + "=" + peer, State: "new"}
	if err := record.Write(c.Data); err != nil {
		return nil, err
	}
	return assemble(c, record)
}

func enter(ctx context.Context, c *config.Config) (*identity, error) {
	if !c.HasToken {
		return nil, errNoToken()
	}
	client, err := join.Connect(ctx, c.Server, c.Token)
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	if err := client.Get(ctx, supervisor.PathBootstrap, &files); err != nil {
		return nil, err
	}
	password, err := node.OwnPassword(layout.NodePassword)
	if err != nil {
		return nil, err
	}
	asked := supervisor.JoiningMember{
		Node: c.NodeName, Password: password, Name: etcd.NewName(c.NodeName), Peer: etcd.PeerOf(c.NodeIP),
	}
	membership := etcd.Membership{}
	if err := client.Post(ctx, supervisor.PathMember, asked, &membership); err != nil {
		return nil, err
	}
	if err := pki.Import(c.Data, files); err != nil {
		return nil, err
	}
	record := &etcd.Record{
		Name: asked.Name, Peer: asked.Peer, Cluster: membership.Cluster, State: "existing", Endpoints: membership.Endpoints,
	}
	if err := record.Write(c.Data); err != nil {
		return nil, err
	}
	return assemble(c, record)
}

// assemble opens the keys and settles the token, whose file is what others are given.
func assemble(c *config.Config, record *etcd.Record) (*identity, error) {
	cluster, err := pki.Open(c.Data)
	if err != nil {
		return nil, err
	}
	secret := c.Token.Secret
	if c.Data.HasMember() {
		kept, err := readToken(c.Data)
		if err != nil {
			return nil, err
		}
		if kept.Secret != "" && c.HasToken && kept.Secret != secret {
			return nil, errOtherToken()
		}
		if kept.Secret != "" {
			secret = kept.Secret
		}
	}
	if secret == "" {
		random := make([]byte, 16)
		if _, err := rand.Read(random); err != nil {
			return nil, err
		}
		secret = hex.EncodeToString(random)
	}
	own := token.Token{CAHash: token.Hash(cluster.Authority(pki.ServerCA).PEM), Secret: secret}
	if c.HasToken {
		if err := c.Token.Trusts(cluster.Authority(pki.ServerCA).PEM); err != nil {
			return nil, err
		}
	}
	return &identity{cluster: cluster, record: record, token: own}, writeToken(c.Data, own)
}

func readToken(data layout.Data) (token.Token, error) {
	content, err := os.ReadFile(data.Server("token"))
	if os.IsNotExist(err) {
		return token.Token{}, nil
	}
	if err != nil {
		return token.Token{}, err
	}
	return token.Parse(string(content))
}

func writeToken(data layout.Data, own token.Token) error {
	for _, name := range []string{"token", "node-token"} {
		if err := layout.Write(data.Server(name), []byte(own.String()+"\n"), 0o600); err != nil {
			return err
		}
	}
	return nil
}
