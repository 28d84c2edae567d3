package trouble

import "fmt"

func errUnknown(name string) error {
	return fmt.Errorf("trouble %q is unknown: there are \"secret\", \"address\" and \"mirror\"", name)
}

func errArgument(name, what string) error {
	return fmt.Errorf("trouble %q needs an argument: give %s", name, what)
}

func errNoArgument(name, got string) error {
	return fmt.Errorf("trouble %q takes no argument, got %q: there is one mirror", name, got)
}

func errPort(argument string) error {
	return fmt.Errorf("%q does not end in a port: it must be from 1 to 65535, or leave \":port\" out", argument)
}
