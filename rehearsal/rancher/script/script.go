// Package script serves the installer of the system agent.
package script

import (
	_ "embed"
	"fmt"
	"strings"
)

//go:embed install.sh
var body string

// Settings are what Rancher knows and the machine does not.
type Settings struct {
	// Server is Rancher's address.
	Server string
	// BinaryURL and BinarySHA256 say where the agent is and what it is.
	BinaryURL, BinarySHA256 string
}

// Install is the installer with Rancher's settings in front. An address in the machine's environment wins over none of
// them: the arguments do.
func Install(settings Settings) string {
	shebang, rest, _ := strings.Cut(body, "\n")
	return fmt.Sprintf("%s\nCATTLE_SERVER=%s\nCATTLE_AGENT_BINARY_URL=%s\nCATTLE_AGENT_BINARY_CHECKSUM=%s\n%s",
		shebang, quote(settings.Server), quote(settings.BinaryURL), quote(settings.BinarySHA256), rest)
}

func quote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
