package main

import (
	"fmt"
	"path"
	"strings"
)

// Exit codes of the scripts that are played here: userdata/enter.sh, and a shell's own.
const (
	exitUsage       = 2
	exitChecksum    = 4
	exitOtherPlace  = 5
	exitNotFound    = 127
	bundleFolder    = "/opt/drover/bundle/"
	noFile          = "-"
	enterArguments  = 4
	vaultStoreKind  = "vault"
	exitTokenUsed   = 6
	bootstrapFailed = 1
)

// hostCommand is one command of a login on a host.
type hostCommand struct {
	*metalHosts
	host      string
	arguments []string
	output    strings.Builder
}

func (c *hostCommand) say(format string, arguments ...any) {
	fmt.Fprintf(&c.output, format+"\n", arguments...)
}

// run plays the scripts that a login starts on a host; any other command is not found, so that a misspelt one shows.
func (c *hostCommand) run(program string) int {
	switch program {
	case "chmod", "rm":
		return 0
	case "test":
		return c.test()
	}
	if strings.HasPrefix(program, bundleFolder) {
		return c.runOfBundle(program)
	}
	name := path.Clean(program)
	if _, uploaded := c.uploads[c.host][name]; !uploaded {
		c.say("%s: not found", program)
		return exitNotFound
	}
	switch path.Base(name) {
	case "drover-enter.sh":
		return c.enter()
	case "drover-preflight.sh":
		c.say("the host is what it must be")
		delete(c.uploads[c.host], name)
		return 0
	}
	c.say("%s: the rehearsal does not know this script", program)
	return exitNotFound
}

// test knows one question: whether a file is there, or, with !, is not. The bundle comes with membership.
func (c *hostCommand) test() int {
	words := c.arguments
	negated := len(words) > 0 && words[0] == "!"
	if negated {
		words = words[1:]
	}
	if len(words) != 2 || words[0] != "-e" && words[0] != "-x" {
		c.say("test: the rehearsal does not know this question")
		return exitUsage
	}
	host, err := c.member(c.host)
	if err != nil {
		c.say("%v", err)
		return exitUsage
	}
	_, uploaded := c.file(words[1])
	exists := uploaded || host != nil && strings.HasPrefix(words[1], bundleFolder)
	if exists != negated {
		return 0
	}
	return 1
}

// runOfBundle runs a script that is on the host only once it has entered a cluster.
func (c *hostCommand) runOfBundle(program string) int {
	host, err := c.member(c.host)
	if err != nil {
		c.say("%v", err)
		return bootstrapFailed
	}
	if host == nil {
		c.say("sudo: %s: command not found", program)
		return 1
	}
	if path.Base(program) != "leave-cluster.sh" {
		c.say("%s: the rehearsal does not know this script", program)
		return exitNotFound
	}
	return c.leave(host)
}

func (c *hostCommand) leave(host *record) int {
	struck, err := c.faultOf("delete", c.host)
	if err == nil && struck != nil {
		err = fmt.Errorf("%s", struck.message())
	}
	if err == nil {
		err = c.server.forgetSecrets(c.host)
	}
	if err == nil {
		err = c.server.world.remove(host, false)
	}
	if err != nil {
		c.say("drover leave: %v", err)
		return bootstrapFailed
	}
	if host.Attrs["role"] == siteMachine {
		c.say("drover leave: is no machine of site '%s' any more", host.Attrs["site"])
	} else {
		c.say("drover leave: has left cluster '%s'", host.Attrs["cluster"])
	}
	return 0
}

// enter plays userdata/enter.sh and the bootstrap that it starts: ARCHIVE SHA256 SETTINGS TOKEN|- [CA|-].
func (c *hostCommand) enter() int {
	defer c.removeUploads()
	if len(c.arguments) < enterArguments {
		return c.refuse(exitUsage, "arguments are: ARCHIVE SHA256 SETTINGS TOKEN|- [CA|-]")
	}
	for index, name := range c.arguments {
		if _, uploaded := c.file(name); index != 1 && name != noFile && !uploaded {
			return c.refuse(exitUsage, "'%s' was not uploaded", name)
		}
	}
	archive, _ := c.file(c.arguments[0])
	settings, _ := c.file(c.arguments[2])
	if archive.sha256 != c.arguments[1] {
		return c.refuse(exitChecksum, "checksum of '%s' is not '%s'", c.arguments[0], c.arguments[1])
	}
	environment, err := parseEnvironment(string(settings.content))
	if err != nil {
		return c.refuse(exitUsage, "%v", err)
	}
	for _, name := range []string{"DROVER_ENV", "DROVER_ROLE", "DROVER_CLUSTER", "STEPS"} {
		// a machine of a site is in no cluster
		if environment[name] == "" && (name != "DROVER_CLUSTER" || environment["DROVER_ROLE"] != siteMachine) {
			return c.refuse(exitUsage, "'%s' is missing in '%s'", name, c.arguments[2])
		}
	}
	if address := environment["HOST_ADDRESS"]; address != c.host {
		return c.refuse(exitUsage, "'HOST_ADDRESS' is '%s', the host that was reached is '%s'", address, c.host)
	}
	if secret, _ := c.file(c.arguments[3]); environment["SECRET_STORE"] == vaultStoreKind {
		if err := c.server.login(c.host, environment["VAULT_ROLE_ID"], string(secret.content)); err != nil {
			return c.refuse(exitTokenUsed, "%v", err)
		}
	}
	return c.bootstrap(environment)
}

// bootstrap makes the host a part of its cluster and publishes what its bootstrap would.
func (c *hostCommand) bootstrap(environment map[string]string) int {
	before, err := c.member(c.host)
	if err != nil {
		return c.refuse(bootstrapFailed, "%v", err)
	}
	now := hostRecord(c.host, environment, before)
	if before != nil && placeOf(before) != placeOf(now) {
		return c.refuse(exitOtherPlace, "this host is %s, the settings make it %s: let it leave first ('leaving' of its site)", placeOf(before), placeOf(now))
	}
	struck, err := c.faultOf("create", c.host)
	if err == nil && struck != nil && struck.Mode != "partial" {
		return c.refuse(bootstrapFailed, "%s", struck.message())
	}
	if err == nil {
		err = c.server.world.put(now)
	}
	if err == nil {
		err = c.server.publish(now, environment)
	}
	if err != nil {
		return c.refuse(bootstrapFailed, "bootstrap failed: %v", err)
	}
	if struck != nil {
		return c.refuse(bootstrapFailed, "%s", struck.message())
	}
	c.say("drover: all steps done: %s", environment["STEPS"])
	return 0
}

// siteMachine is the role of a host that is in no cluster.
const siteMachine = "machine"

func placeOf(host *record) string {
	if host.Attrs["role"] == siteMachine {
		return fmt.Sprintf("machine '%v' of site '%v' in environment '%v'", host.Attrs["name"], host.Attrs["site"], host.Attrs["environment"])
	}
	return fmt.Sprintf("%v '%v' of cluster '%v' in environment '%v'", host.Attrs["role"], host.Attrs["name"], host.Attrs["cluster"], host.Attrs["environment"])
}

func (c *hostCommand) refuse(exit int, format string, arguments ...any) int {
	c.say("drover enter: "+format, arguments...)
	return exit
}

func (c *hostCommand) file(name string) (upload, bool) {
	file, uploaded := c.uploads[c.host][path.Clean(name)]
	return file, uploaded
}

// removeUploads: the real script leaves no secret in a login's home, however it ends.
func (c *hostCommand) removeUploads() { delete(c.uploads, c.host) }
