// Command drover-provider stands in for every Terraform provider binary of a rehearsal.
//
// It is started as `drover-provider <provider name>`, knows the provider's schemas from a file, keeps what it "creates"
// in a folder (the world) and behaves, as far as the rules under behaviour/ and rules.json say, like the real provider.
// As `drover-provider --ssh-entry` it plays the machines on metal of the same world, behind a bastion; where machines run
// as hosts, it is the bastion alone.
package main

import (
	"fmt"
	"os"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintf(os.Stderr, "drover-provider: %v\n", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("got %d arguments, expected one: the provider's name, such as \"aws\"", len(args))
	}
	name := args[0]
	if name == sshEntryOption {
		return runSSHEntry(os.Getenv("REHEARSAL_DIR"), os.Getenv("REHEARSAL_HOSTS") != "", os.Stdin, os.Stdout)
	}
	dir, err := rehearsalDir(os.Getenv("REHEARSAL_DIR"))
	if err != nil {
		return err
	}
	delay, err := applyDelay(os.Getenv("REHEARSAL_DELAY_MS"))
	if err != nil {
		return err
	}
	server, err := newServer(name, dir, delay)
	if err != nil {
		return fmt.Errorf("provider %q: %w", name, err)
	}
	server.hosts = os.Getenv("REHEARSAL_HOSTS") != ""
	address := "registry.terraform.io/drover/" + name
	return tf6server.Serve(address, func() tfprotov6.ProviderServer { return server }, tf6server.WithoutLogStderrOverride())
}
