package fleet

import (
	"fmt"
	"strings"
)

func errConfig() error {
	return fmt.Errorf("'Workspace', 'World' and 'Fleet' of the controller's configuration must all be given")
}

func errUnreadable(path string, err error) error {
	return fmt.Errorf("state file '%s' can't be read: %w; delete it to start the group anew", path, err)
}

func errNoGroup(name string, known []string) error {
	return fmt.Errorf("no Auto Scaling group is named '%s': there are '%s'", name, strings.Join(known, "', '"))
}

func errNoInstance(id string) error {
	return fmt.Errorf("no Auto Scaling group has an instance '%s' that is not leaving already", id)
}

func errDesired(group string, n, lowest, highest int) error {
	return fmt.Errorf("desired capacity %d of group '%s' is not allowed: it must be from %d to %d", n, group, lowest, highest)
}

func errResult(result string) error {
	return fmt.Errorf("lifecycle action result '%s' is not allowed: it must be 'CONTINUE' or 'ABANDON'", result)
}

// errNoAction says it in AWS's words, because machines read it.
func errNoAction(id, hook string) error {
	return fmt.Errorf("No active Lifecycle Action found with instance ID %s (hook '%s')", id, hook) //nolint:staticcheck
}

func errTemplate(group, id string) error {
	return fmt.Errorf("group '%s' asks for launch template '%s', which the world does not hold", group, id)
}

func errTemplateVersion(id, version, latest string) error {
	return fmt.Errorf("launch template '%s' has no version '%s' that is known here: the world holds '%s'", id, version, latest)
}

func errUserData(id string, err error) error {
	return fmt.Errorf("user data of launch template '%s' is not Base64: %w", id, err)
}

func errNoSubnet(group string) error {
	return fmt.Errorf("group '%s' has no subnet that the world holds: check 'vpc_zone_identifier'", group)
}

func errNoAddress(subnet string) error {
	return fmt.Errorf("InsufficientFreeAddressesInSubnet: subnet '%s' has no free address", subnet)
}
