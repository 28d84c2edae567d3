package main

import (
	"archive/tar"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

func checksumFile(archive string) string {
	return filepath.Join(filepath.Dir(archive), "sha256sum-amd64.txt")
}

// publish writes the archive and its checksum; the record of its sources comes last, so that a run that was cut
// short is made again.
func publish(tree, work, archive, digest string) error {
	unfinished := filepath.Join(work, "archive")
	sum, err := writeArchive(tree, unfinished)
	if err != nil {
		return err
	}
	if err := os.Remove(madeOfFile(archive)); err != nil && !os.IsNotExist(err) {
		return err
	}
	if err := os.Rename(unfinished, archive); err != nil {
		return err
	}
	line := fmt.Sprintf("%s  %s\n", sum, filepath.Base(archive))
	if err := os.WriteFile(checksumFile(archive), []byte(line), 0o644); err != nil {
		return err
	}
	return os.WriteFile(madeOfFile(archive), []byte(digest+"\n"), 0o644)
}

// writeArchive packs a tree so that the same files give the same bytes, and returns their checksum.
func writeArchive(tree, to string) (string, error) {
	file, err := os.Create(to)
	if err != nil {
		return "", err
	}
	defer file.Close()
	sum := sha256.New()
	// every machine unpacks it: speed counts more than size
	packed, err := gzip.NewWriterLevel(io.MultiWriter(file, sum), gzip.BestSpeed)
	if err != nil {
		return "", err
	}
	writer := tar.NewWriter(packed)
	err = filepath.WalkDir(tree, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || path == tree {
			return err
		}
		return addEntry(writer, tree, path, entry)
	})
	if err != nil {
		return "", err
	}
	for _, part := range []io.Closer{writer, packed, file} {
		if err := part.Close(); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

func addEntry(writer *tar.Writer, tree, path string, entry fs.DirEntry) error {
	name, err := filepath.Rel(tree, path)
	if err != nil {
		return err
	}
	header := &tar.Header{Name: filepath.ToSlash(name), Format: tar.FormatUSTAR}
	if entry.IsDir() {
		header.Typeflag, header.Mode, header.Name = tar.TypeDir, 0o755, header.Name+"/"
		return writer.WriteHeader(header)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	header.Typeflag, header.Mode, header.Size = tar.TypeReg, 0o644, int64(len(content))
	if strings.HasPrefix(header.Name, "bin/") {
		header.Mode = 0o755
	}
	if err := writer.WriteHeader(header); err != nil {
		return err
	}
	_, err = writer.Write(content)
	return err
}
