package config

import (
	"net"
	"strings"

	"drover/rehearsal/kube/layout"
)

// parseFlags reads --config and --key=value or --key value; a repeated key makes a list.
func parseFlags(arguments []string) (file string, given values, err error) {
	file, given = layout.ConfigFile, values{}
	for i := 0; i < len(arguments); i++ {
		flag, found := strings.CutPrefix(arguments[i], "--")
		if !found {
			return "", nil, errFlag(arguments[i])
		}
		key, value, assigned := strings.Cut(flag, "=")
		if !assigned {
			if i+1 == len(arguments) {
				return "", nil, errFlag(arguments[i])
			}
			i++
			value = arguments[i]
		}
		if key == "config" {
			file = value
			continue
		}
		if _, known := keys[key]; !known {
			return "", nil, errUnknownKey(key, "the command line", nearest(key))
		}
		given[key] = append(given[key], value)
	}
	return file, given, nil
}

// ownAddress is the address of the interface of the default route.
func ownAddress() string {
	// a datagram socket that is only connected sends nothing: the kernel just chooses the route
	connection, err := net.Dial("udp4", "192.0.2.1:9")
	if err != nil {
		return ""
	}
	defer connection.Close()
	host, _, err := net.SplitHostPort(connection.LocalAddr().String())
	if err != nil {
		return ""
	}
	return host
}
