package config

import (
	"fmt"
	"strings"
)

func errNoYAML(path string, err error) error {
	return fmt.Errorf("'%s' is not a YAML mapping: %w", path, err)
}

func errUnknownKey(name, path, nearest string) error {
	if nearest != "" {
		return fmt.Errorf("unknown key '%s' in '%s', did you mean '%s'", name, path, nearest)
	}
	return fmt.Errorf("unknown key '%s' in '%s': allowed are the keys of RKE2's config.yaml", name, path)
}

func errShape(name, path string) error {
	return fmt.Errorf("'%s' in '%s' must be a value or a list of values", name, path)
}

func errBoolean(name, value string) error {
	return fmt.Errorf("'%s' is '%s', allowed are true and false", name, value)
}

func errNodeName(name string) error {
	return fmt.Errorf("'node-name' is '%s', must be a DNS name in lower case of at most 253 characters", name)
}

func errAddress(name, value string) error {
	return fmt.Errorf("'%s' is '%s', must be an IPv4 address", name, value)
}

func errServer(value string) error {
	return fmt.Errorf("'server' is '%s', must be like https://address:9345", value)
}

func errMode(value string) error {
	return fmt.Errorf("'write-kubeconfig-mode' is '%s', must be an octal file mode such as 0600", value)
}

func errProfile(value string) error {
	return fmt.Errorf("'profile' is '%s', allowed are cis and etcd", value)
}

func errAgentNeeds(name string) error {
	return fmt.Errorf("an agent needs '%s'", name)
}

func errKernelDefaults(profile string) error {
	return fmt.Errorf("'protect-kernel-defaults' must not be false with profile '%s'", profile)
}

func errArgument(key, value string) error {
	return fmt.Errorf("'%s' holds '%s', must be name=value", key, value)
}

func errFlag(argument string) error {
	return fmt.Errorf("'%s' is no flag of the form --key=value or --key value", argument)
}

// nearest is a known key that begins or ends as the unknown one does.
func nearest(name string) string {
	best, length := "", 3
	for _, candidate := range sortedKeys(keys) {
		shared := 0
		for shared < len(name) && shared < len(candidate) && name[shared] == candidate[shared] {
			shared++
		}
		if strings.TrimSuffix(name, "s") == candidate {
			return candidate
		}
		if shared > length {
			best, length = candidate, shared
		}
	}
	return best
}
