package command

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"drover/rehearsal/kube/join"
	"drover/rehearsal/kube/layout"
	"drover/rehearsal/kube/supervisor"
	"drover/rehearsal/kube/token"
)

const rotateDeadline = time.Minute

// rotate gives the cluster another secret: 'rke2 token rotate --token OLD --new-token NEW'.
func rotate(arguments []string) error {
	if len(arguments) == 0 || arguments[0] != "rotate" {
		return errors.New("'rke2 token' knows only 'rotate'")
	}
	given := map[string]string{"server": "https://127.0.0.1:" + layout.SupervisorPort}
	rest := arguments[1:]
	for len(rest) > 0 {
		key, value, assigned := strings.Cut(strings.TrimPrefix(rest[0], "--"), "=")
		rest = rest[1:]
		if !assigned {
			if len(rest) == 0 {
				return fmt.Errorf("'--%s' needs a value", key)
			}
			value, rest = rest[0], rest[1:]
		}
		switch key {
		case "token", "new-token", "server":
			given[key] = value
		default:
			return fmt.Errorf("unknown flag '--%s', allowed are --token, --new-token and --server", key)
		}
	}
	old, err := token.Parse(given["token"])
	if err != nil {
		return err
	}
	wanted, err := token.Parse(given["new-token"])
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), rotateDeadline)
	defer cancel()
	client, err := join.Connect(ctx, given["server"], old)
	if err != nil {
		return err
	}
	return client.Put(ctx, supervisor.PathToken, supervisor.NewToken{Secret: wanted.Secret})
}
