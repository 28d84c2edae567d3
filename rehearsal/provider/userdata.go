package main

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// where a machine's bootstrap environment lies in its cloud-config.
const bootstrapEnvironment = "/etc/drover/bootstrap.env"

// largest user data that is unpacked, in bytes.
const unpackedLimit = 16 << 20

// bootstrapOf reads the environment that a machine's user data gives its bootstrap; nil where it gives none.
func bootstrapOf(machine *record) (map[string]string, error) {
	raw := []byte(textOf(machine.Attrs, "user_data"))
	if encoded := textOf(machine.Attrs, "user_data_base64") + textOf(machine.Attrs, "custom_data"); encoded != "" {
		decoded, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil {
			return nil, fmt.Errorf("user data is not Base64: %w", err)
		}
		raw = decoded
	}
	raw, err := unpack(raw)
	if err != nil {
		return nil, err
	}
	document, isCloudConfig := bytes.CutPrefix(raw, []byte("#cloud-config\n"))
	if !isCloudConfig {
		return nil, nil
	}
	var config struct {
		WriteFiles []struct {
			Path     string `json:"path"`
			Content  string `json:"content"`
			Encoding string `json:"encoding"`
		} `json:"write_files"`
	}
	if err := json.Unmarshal(document, &config); err != nil {
		return nil, fmt.Errorf("user data is not a cloud-config in JSON: %w", err)
	}
	for _, file := range config.WriteFiles {
		if file.Path != bootstrapEnvironment {
			continue
		}
		content, err := fileContent(file.Content, file.Encoding)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file.Path, err)
		}
		return parseEnvironment(content)
	}
	return nil, nil
}

func unpack(raw []byte) ([]byte, error) {
	if !bytes.HasPrefix(raw, []byte{0x1f, 0x8b}) {
		return raw, nil
	}
	reader, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("user data is not gzip: %w", err)
	}
	out, err := io.ReadAll(io.LimitReader(reader, unpackedLimit))
	if err != nil {
		return nil, fmt.Errorf("user data is not gzip: %w", err)
	}
	return out, nil
}

// fileContent decodes a cloud-config file's content.
// https://cloudinit.readthedocs.io/en/latest/reference/modules.html#write-files
func fileContent(content, encoding string) (string, error) {
	switch encoding {
	case "", "text/plain":
		return content, nil
	case "b64", "base64", "gz+b64", "gzip+base64", "gz+base64", "gzip+b64":
		decoded, err := base64.StdEncoding.DecodeString(content)
		if err != nil {
			return "", fmt.Errorf("content is not Base64: %w", err)
		}
		decoded, err = unpack(decoded)
		return string(decoded), err
	}
	return "", fmt.Errorf("encoding %q must be one of b64, gz+b64, text/plain", encoding)
}

// parseEnvironment reads lines NAME='value'; a quote inside a value is written '"'"'.
func parseEnvironment(text string) (map[string]string, error) {
	out := map[string]string{}
	for number, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, quoted, ok := strings.Cut(line, "=")
		if !ok || len(quoted) < 2 || !strings.HasPrefix(quoted, "'") || !strings.HasSuffix(quoted, "'") {
			return nil, fmt.Errorf("%s:%d: expected NAME='value'", bootstrapEnvironment, number+1)
		}
		value := strings.ReplaceAll(quoted[1:len(quoted)-1], `'"'"'`, "\x00")
		if strings.Contains(value, "'") {
			return nil, fmt.Errorf("%s:%d: the value of %s has a quote that is not escaped", bootstrapEnvironment, number+1, name)
		}
		out[name] = strings.ReplaceAll(value, "\x00", "'")
	}
	return out, nil
}
