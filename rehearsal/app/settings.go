package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

const (
	defaultPort  = "8080"
	defaultGrace = 3 * time.Second
)

// settings are what the image and the pod say.
type settings struct {
	host  string
	ports []int
	// grace is how long requests are answered after the order to end.
	grace time.Duration
}

func settingsFrom(env func(string) string) (settings, error) {
	out := settings{grace: defaultGrace}
	list := env("PORT")
	if list == "" {
		list = defaultPort
	}
	for _, text := range strings.Split(list, ",") {
		port, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil || port < 1 || port > 65535 {
			return out, fmt.Errorf("'PORT' is '%s', must be a port from 1 to 65535 or several with commas", list)
		}
		out.ports = append(out.ports, port)
	}
	if text := env("GRACE_SECONDS"); text != "" {
		seconds, err := strconv.Atoi(text)
		if err != nil || seconds < 0 {
			return out, fmt.Errorf("'GRACE_SECONDS' is '%s', must be whole seconds", text)
		}
		out.grace = time.Duration(seconds) * time.Second
	}
	return out, nil
}
