package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// bodies are cut here: a test wants to see what answers, not to load it.
const longestBody = 64 << 10

// get fetches an address and prints status and body. It answers the exit code: 0 for a 2xx, 1 for all else, 2 for a
// command that makes no sense.
func get(arguments []string, out, problems io.Writer) int {
	flags := flag.NewFlagSet("get", flag.ContinueOnError)
	flags.SetOutput(problems)
	timeout := flags.Duration("timeout", 5*time.Second, "how long all of it may take")
	method := flags.String("method", http.MethodGet, "method of the request")
	header := flags.String("header", "", "one header, such as 'name: value'")
	if err := flags.Parse(arguments); err != nil {
		return 2
	}
	if flags.NArg() != 1 {
		fmt.Fprintln(problems, "usage: app get [-timeout 5s] [-method GET] [-header 'name: value'] URL")
		return 2
	}
	ctx, cancel := context.WithTimeout(context.Background(), *timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, *method, flags.Arg(0), nil)
	if err != nil {
		fmt.Fprintln(problems, err)
		return 2
	}
	if name, value, ok := strings.Cut(*header, ":"); ok {
		request.Header.Set(strings.TrimSpace(name), strings.TrimSpace(value))
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		fmt.Fprintln(problems, err)
		return 1
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, longestBody))
	fmt.Fprintf(out, "%d\n%s", response.StatusCode, body)
	if err != nil {
		fmt.Fprintln(problems, err)
		return 1
	}
	if response.StatusCode/100 != 2 {
		return 1
	}
	return 0
}
