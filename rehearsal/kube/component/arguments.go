// Package component knows how each program of a node is started.
package component

import "strings"

// argument is one default: a flag without its dashes, and its value.
type argument struct{ name, value string }

// merge makes flags of defaults and of what the configuration adds. As with RKE2, a flag that the configuration gives
// replaces the default, and may be given more than once.
func merge(defaults []argument, given []string) []string {
	replaced := map[string]bool{}
	for _, text := range given {
		name, _, _ := strings.Cut(text, "=")
		replaced[strings.TrimLeft(name, "-")] = true
	}
	flags := make([]string, 0, len(defaults)+len(given))
	for _, one := range defaults {
		if !replaced[one.name] {
			flags = append(flags, "--"+one.name+"="+one.value)
		}
	}
	for _, text := range given {
		flags = append(flags, "--"+strings.TrimLeft(text, "-"))
	}
	return flags
}
