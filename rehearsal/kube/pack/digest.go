package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// digestOf covers everything that the archive is made of: the sources without tests, the version, the compiler.
func digestOf(source, version string) (string, error) {
	sum := sha256.New()
	fmt.Fprintln(sum, version, runtime.Version())
	err := filepath.WalkDir(source, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := entry.Name()
		if entry.IsDir() {
			if name == "proof" || (strings.HasPrefix(name, ".") && path != source) {
				return filepath.SkipDir
			}
			return nil
		}
		if strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, ".md") || strings.HasSuffix(name, ".sh") {
			return nil
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(source, path)
		if err != nil {
			return err
		}
		fmt.Fprintf(sum, "%s %d\n", filepath.ToSlash(relative), len(content))
		sum.Write(content)
		return nil
	})
	return hex.EncodeToString(sum.Sum(nil)), err
}

func madeOfFile(archive string) string { return filepath.Join(filepath.Dir(archive), "made-of") }

// isMadeOf tells whether the archive is there, whole, and of these sources.
func isMadeOf(archive, digest string) bool {
	recorded, err := os.ReadFile(madeOfFile(archive))
	if err != nil || !bytes.Equal(bytes.TrimSpace(recorded), []byte(digest)) {
		return false
	}
	for _, path := range []string{archive, checksumFile(archive)} {
		if _, err := os.Stat(path); err != nil {
			return false
		}
	}
	return true
}
