package image

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// entry is a line of sources.list.
type entry struct {
	// options are in brackets, or empty.
	options, uri string
	// rest is suite and components.
	rest string
}

func parseEntry(line string) entry {
	rest := strings.TrimSpace(strings.TrimPrefix(line, "deb "))
	var out entry
	if inner, isGiven := strings.CutPrefix(rest, "["); isGiven {
		options, after, _ := strings.Cut(inner, "]")
		out.options, rest = "["+options+"] ", after
	}
	fields := strings.Fields(rest)
	out.uri, out.rest = strings.TrimSuffix(fields[0], "/"), strings.Join(fields[1:], " ")
	return out
}

// keyring is the file with the keys that a source's signature must come from; empty if apt's own are meant.
func (e entry) keyring() string {
	for _, option := range strings.Fields(strings.Trim(e.options, "[] ")) {
		if path, found := strings.CutPrefix(option, "signed-by="); found && filepath.IsAbs(path) {
			return path
		}
	}
	return ""
}

// mirror is a part of the distribution's archives: signed indexes as they are, and the few packages that steps install.
type mirror struct {
	entries []entry
	// root is the file system that the packages are for.
	root string
	// target is the mirror's own folder: each archive is a numbered one in it.
	target string
	// work holds apt's state while the mirror is made.
	work string
}

// folder is that of the archive which an address lies in.
func (m mirror) folder(uri string) (string, bool) {
	var seen []string
	for _, one := range m.entries {
		if !slices.Contains(seen, one.uri) {
			seen = append(seen, one.uri)
		}
	}
	for index, base := range seen {
		if uri == base || strings.HasPrefix(uri, base+"/") {
			return strconv.Itoa(index), true
		}
	}
	return "", false
}

// hostEntries are the sources of hosts: the same, from the lab's mirror.
func (m mirror) hostEntries() string {
	var out strings.Builder
	for _, one := range m.entries {
		folder, _ := m.folder(one.uri)
		fmt.Fprintf(&out, "deb %shttp://%s/%s %s\n", one.options, MirrorHost, folder, one.rest)
	}
	return out.String()
}

// fill fetches with the machine's own apt, which knows its proxies and keys, but with a state of its own.
func (m mirror) fill(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, deadline)
	defer cancel()
	for _, folder := range []string{"state/lists/partial", "cache/archives/partial"} {
		if err := os.MkdirAll(filepath.Join(m.work, folder), 0o755); err != nil {
			return err
		}
	}
	var lines strings.Builder
	for _, one := range m.entries {
		fmt.Fprintf(&lines, "deb %s%s %s\n", one.options, one.uri, one.rest)
	}
	if err := os.WriteFile(filepath.Join(m.work, "sources.list"), []byte(lines.String()), 0o644); err != nil {
		return err
	}
	if _, err := m.apt(ctx, "apt-get", "update", "--error-on=any"); err != nil {
		return err
	}
	targets, err := m.apt(ctx, "apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE) $(METAKEY) $(FILENAME)",
		"Created-By: Packages")
	if err != nil {
		return err
	}
	for _, line := range strings.Split(strings.TrimSpace(targets), "\n") {
		fields := strings.Fields(line)
		const inLine = 4
		if len(fields) != inLine {
			return fmt.Errorf("index %q of the distribution is not understood", line)
		}
		if err := m.index(strings.TrimSuffix(fields[0], "/"), fields[1], fields[2], fields[3]); err != nil {
			return err
		}
	}
	return m.packages(ctx)
}

// index stores a suite's signed list and one of the indexes that it names, under the names that apt asks for.
func (m mirror) index(uri, suite, key, file string) error {
	folder, found := m.folder(uri)
	if !found {
		return fmt.Errorf("archive %q is none of the sources", uri)
	}
	dists := filepath.Join(m.target, folder, "dists", suite)
	at := filepath.Join(dists, key+filepath.Ext(file))
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(content)
	byHash := filepath.Join(filepath.Dir(at), "by-hash", "SHA256", hex.EncodeToString(sum[:]))
	for _, path := range []string{at, byHash} {
		if err := writeBelow(path, content); err != nil {
			return err
		}
	}
	// its name in apt's state is the index's with another end
	signed, err := os.ReadFile(strings.TrimSuffix(file, strings.ReplaceAll(key, "/", "_")+filepath.Ext(file)) + "InRelease")
	if err != nil {
		return err
	}
	if !strings.Contains(string(signed), hex.EncodeToString(sum[:])) {
		return fmt.Errorf("index %q is not the one that its suite %q has signed", key, suite)
	}
	return writeBelow(filepath.Join(dists, "InRelease"), signed)
}

func writeBelow(path string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, content, 0o644)
}

// packages fetches what apt would install, with what that needs beyond the root file system.
func (m mirror) packages(ctx context.Context) error {
	arguments := []string{"apt-get", "install", "--reinstall", "--print-uris", "--quiet=2", "--yes", "--no-install-recommends"}
	output, err := m.apt(ctx, append(arguments, mirrored...)...)
	if err != nil {
		return err
	}
	fetch := []string{"/usr/lib/apt/apt-helper", "download-file"}
	for _, line := range strings.Split(strings.TrimSpace(output), "\n") {
		uri, _, found := strings.Cut(strings.TrimPrefix(line, "'"), "'")
		if !found {
			continue
		}
		folder, isKnown := m.folder(uri)
		name, err := url.Parse(uri)
		if err != nil || !isKnown {
			return fmt.Errorf("package %q comes from none of the sources", uri)
		}
		// apt asks for it below the archive's own path
		_, below, _ := strings.Cut(name.Path, "/pool/")
		target := filepath.Join(m.target, folder, "pool", below)
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		fetch = append(fetch, uri, target, "")
	}
	_, err = m.apt(ctx, fetch...)
	return err
}

// apt runs one of apt's programs with the mirror's own sources and state.
func (m mirror) apt(ctx context.Context, command ...string) (string, error) {
	settings := []string{
		"Dir::State=" + filepath.Join(m.work, "state"), "Dir::Cache=" + filepath.Join(m.work, "cache"),
		"Dir::State::status=" + filepath.Join(m.root, "var/lib/dpkg/status"),
		"Dir::Etc::SourceList=" + filepath.Join(m.work, "sources.list"), "Dir::Etc::SourceParts=/dev/null",
		"Acquire::Retries=" + retries, "Acquire::http::Timeout=" + stallSec, "Acquire::https::Timeout=" + stallSec,
		"APT::Sandbox::User=root", "Acquire::Languages=none", "Acquire::PDiffs=false", "Acquire::Check-Valid-Until=false",
		// an index must stay the very file that is signed
		"Acquire::GzipIndexes=true", "Acquire::IndexTargets::deb::Packages::KeepCompressedAs=xz",
	}
	for _, setting := range settings {
		command = append(command, "-o", setting)
	}
	process := exec.CommandContext(ctx, command[0], command[1:]...)
	process.WaitDelay = 10 * time.Second
	var said strings.Builder
	process.Stderr = &said
	output, err := process.Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s", command[0], command[1], err, lastLines(said.String(), 15))
	}
	return string(output), nil
}

// use makes the root file system's apt ask the lab's mirror and nobody else.
func (m mirror) use() error {
	for _, one := range m.entries {
		ring := one.keyring()
		if ring == "" || exists(filepath.Join(m.root, ring)) {
			continue
		}
		content, err := os.ReadFile(ring)
		if err != nil {
			return fmt.Errorf("keys of source %q: %w", one.rest, err)
		}
		if err := writeBelow(filepath.Join(m.root, ring), content); err != nil {
			return err
		}
	}
	// it holds the proxies of this machine
	if err := os.Remove(filepath.Join(m.root, "etc/apt/apt.conf.d/99mmdebstrap")); err != nil && !os.IsNotExist(err) {
		return err
	}
	return os.WriteFile(filepath.Join(m.root, "etc/apt/sources.list"), []byte(m.hostEntries()), 0o644)
}
