package sshentry

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"
)

// largestUpload keeps one file from filling the memory, in bytes.
const largestUpload = 64 << 20

// scpTarget says whether a command is the receiving side of a copy, and into which folder or file it goes.
func scpTarget(words []string) (target string, isSink bool) {
	if len(words) < 3 || words[0] != "scp" {
		return "", false
	}
	for _, word := range words[1 : len(words)-1] {
		isSink = isSink || strings.HasPrefix(word, "-") && strings.Contains(word, "t")
	}
	return words[len(words)-1], isSink
}

// scpSink is the receiving side of a copy: lines `C<mode> <size> <name>` with a file's content each, `D` and `E` around
// a folder's, `T` with times.
type scpSink struct {
	stream io.ReadWriter
	store  func(name string, content []byte) error
}

func (s *scpSink) receive(target string) error {
	input := bufio.NewReader(s.stream)
	folders := []string{target}
	for {
		if err := s.acknowledge(); err != nil {
			return err
		}
		line, err := input.ReadString('\n')
		if errors.Is(err, io.EOF) && line == "" {
			return nil
		}
		if err != nil {
			return fmt.Errorf("the copy broke off: %w", err)
		}
		line = strings.TrimSuffix(line, "\n")
		switch kind := line[:min(1, len(line))]; kind {
		case "T":
		case "C":
			err = s.file(input, folders[len(folders)-1], line)
		case "D":
			var name string
			if _, name, err = header(line); err == nil {
				folders = append(folders, path.Join(folders[len(folders)-1], name))
			}
		case "E":
			if len(folders) == 1 {
				return s.refuse(errors.New("a folder ends that did not begin"))
			}
			folders = folders[:len(folders)-1]
		default:
			err = fmt.Errorf("%q is not a line of the copy protocol", line)
		}
		if err != nil {
			return s.refuse(err)
		}
	}
}

func (s *scpSink) acknowledge() error {
	_, err := s.stream.Write([]byte{0})
	return err
}

// refuse tells the other side why, as the protocol wants it: the byte 2, a line.
func (s *scpSink) refuse(reason error) error {
	_, _ = fmt.Fprintf(s.stream, "\x02scp: %v\n", reason)
	return reason
}

func (s *scpSink) file(input *bufio.Reader, folder, line string) error {
	size, name, err := header(line)
	if err != nil {
		return err
	}
	if err := s.acknowledge(); err != nil {
		return err
	}
	content := make([]byte, size)
	if _, err := io.ReadFull(input, content); err != nil {
		return fmt.Errorf("%s broke off: %w", name, err)
	}
	if status, err := input.ReadByte(); err != nil || status != 0 {
		return fmt.Errorf("the other side could not read all of %s", name)
	}
	return s.store(path.Join(folder, name), content)
}

// header reads `C0644 12 name`.
func header(line string) (size int, name string, err error) {
	parts := strings.SplitN(line, " ", 3)
	if len(parts) != 3 {
		return 0, "", fmt.Errorf("%q must be a mode, a size and a name", line)
	}
	size, err = strconv.Atoi(parts[1])
	if err != nil || size < 0 || size > largestUpload {
		return 0, "", fmt.Errorf("size %q must be a number of bytes up to %d", parts[1], largestUpload)
	}
	name = parts[2]
	if name == "" || name == "." || name == ".." || strings.Contains(name, "/") {
		return 0, "", fmt.Errorf("%q is not the name of a file", name)
	}
	return size, name, nil
}
