package main

import (
	"bytes"
	"encoding/json"
	"os"

	"drover/rehearsal/lab/control"
)

// jsonText answers a value that a program reads.
func jsonText(value any) (control.Response, error) {
	raw, err := json.Marshal(value)
	return control.Response{Text: string(raw)}, err
}

// printJSON prints it for a person as well.
func printJSON(text string) error {
	var out bytes.Buffer
	if err := json.Indent(&out, []byte(text), "", " "); err != nil {
		return err
	}
	out.WriteByte('\n')
	_, err := out.WriteTo(os.Stdout)
	return err
}
