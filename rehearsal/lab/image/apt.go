package image

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// sources gives the machine's own apt sources of its distribution as one-line entries: what apt can reach, mmdebstrap can.
// Suites of other vendors are left out.
func sources(etcApt, codename string) ([]string, error) {
	files, err := filepath.Glob(filepath.Join(etcApt, "sources.list.d", "*"))
	if err != nil {
		return nil, err
	}
	var out []string
	for _, file := range append(files, filepath.Join(etcApt, "sources.list")) {
		raw, err := os.ReadFile(file)
		if os.IsNotExist(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		switch filepath.Ext(file) {
		case ".sources":
			out = append(out, stanzas(string(raw), codename)...)
		case ".list":
			out = append(out, lines(string(raw), codename)...)
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("no apt source of %q in %q: the hosts' image is made of the distribution's packages", codename, etcApt)
	}
	return out, nil
}

func ofDistribution(suite, codename string) bool {
	return suite == codename || suite == codename+"-updates" || suite == codename+"-security"
}

// lines reads the one-line form: deb [options] uri suite component...
func lines(text, codename string) []string {
	var out []string
	scanner := bufio.NewScanner(strings.NewReader(text))
	for scanner.Scan() {
		line := strings.TrimSpace(scanner.Text())
		rest, isBinary := strings.CutPrefix(line, "deb ")
		if !isBinary {
			continue
		}
		if _, after, found := strings.Cut(rest, "]"); found && strings.HasPrefix(strings.TrimSpace(rest), "[") {
			rest = after
		}
		words := strings.Fields(rest)
		if len(words) >= 3 && ofDistribution(words[1], codename) && slices.Contains(words[2:], "main") {
			out = append(out, line)
		}
	}
	return out
}

// stanzas reads the form of .sources files.
func stanzas(text, codename string) []string {
	var out []string
	for _, stanza := range strings.Split(text, "\n\n") {
		fields := fieldsOf(stanza)
		if !slices.Contains(fields["types"], "deb") || !slices.Contains(fields["components"], "main") {
			continue
		}
		if slices.Equal(fields["enabled"], []string{"no"}) {
			continue
		}
		options := ""
		if key := fields["signed-by"]; len(key) == 1 && filepath.IsAbs(key[0]) {
			options = "[signed-by=" + key[0] + "] "
		}
		for _, uri := range fields["uris"] {
			for _, suite := range fields["suites"] {
				if ofDistribution(suite, codename) {
					out = append(out, "deb "+options+uri+" "+suite+" main")
				}
			}
		}
	}
	return out
}

func fieldsOf(stanza string) map[string][]string {
	fields := map[string][]string{}
	for _, line := range strings.Split(stanza, "\n") {
		name, value, found := strings.Cut(line, ":")
		if found && !strings.HasPrefix(line, "#") && !strings.HasPrefix(line, " ") {
			fields[strings.ToLower(name)] = strings.Fields(value)
		}
	}
	return fields
}

// codename is the name of the machine's release, as /etc/os-release gives it.
func codename(osRelease string) (string, error) {
	raw, err := os.ReadFile(osRelease)
	if err != nil {
		return "", err
	}
	for _, line := range strings.Split(string(raw), "\n") {
		if name, found := strings.CutPrefix(line, "VERSION_CODENAME="); found {
			return strings.Trim(name, `"`), nil
		}
	}
	return "", fmt.Errorf("%q does not name a release: hosts are made of Debian's or Ubuntu's packages", osRelease)
}
