package objects

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"

	"drover/rehearsal/lab/world"
)

// Import stores the objects of the world that are not stored yet, so that an older version stays readable after the
// next synth has replaced its asset. What can't be found is in the error; the others are stored all the same. bucketKey
// is the ARN of the key that a bucket encrypts with.
func (s *Store) Import(w *world.World, synthesized string, bucketKey func(bucket string) (string, error)) error {
	found, err := w.List("aws_s3_object")
	if err != nil {
		return err
	}
	var problems []error
	for _, object := range found {
		version := Version{
			Bucket: world.Text(object, "bucket"), Key: world.Text(object, "key"), ID: world.Text(object, "version_id"),
			ContentType: world.Text(object, "content_type"), Encryption: world.Text(object, "kms_key_id"),
		}
		if version.ID == "" { // a bucket without versions
			version.ID = "null-" + world.Text(object, "etag")
		}
		if _, err := s.Get(version.Bucket, version.Key, version.ID); err == nil {
			continue
		}
		content, err := contentOf(object, synthesized)
		if err == nil && version.Encryption == "" {
			version.Encryption, err = bucketKey(version.Bucket)
		}
		if err == nil {
			_, err = s.Put(version, content)
		}
		if err != nil {
			problems = append(problems, fmt.Errorf("object %q: %w", object.ID, err))
		}
	}
	return errors.Join(problems...)
}

func contentOf(object *world.Object, synthesized string) ([]byte, error) {
	if text := world.Text(object, "content"); text != "" {
		return []byte(text), nil
	}
	if text := world.Text(object, "content_base64"); text != "" {
		return base64.StdEncoding.DecodeString(text)
	}
	return asset(world.Text(object, "source"), world.Text(object, "source_hash"), synthesized)
}

var isSHA256 = regexp.MustCompile(`^[0-9a-f]{64}$`)

// asset reads a file that Terraform names relative to its stack's folder. Several stacks may have one of that name: the
// hash tells them apart, where it is one of the bytes.
func asset(source, hash, synthesized string) ([]byte, error) {
	if source == "" {
		return nil, errors.New("has neither source nor content")
	}
	if filepath.IsAbs(source) {
		return os.ReadFile(source)
	}
	candidates, err := filepath.Glob(filepath.Join(escape(synthesized), "stacks", "*", escape(source)))
	if err != nil {
		return nil, err
	}
	if content := matching(candidates, hash); content != nil {
		return content, nil
	}
	if isSHA256.MatchString(hash) {
		if content := matching(filesNamed(filepath.Base(source), synthesized), hash); content != nil {
			return content, nil
		}
	}
	return nil, fmt.Errorf("no file %q with the checksum %q below %q", source, hash, synthesized)
}

func matching(paths []string, hash string) []byte {
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		sum := sha256.Sum256(content)
		if !isSHA256.MatchString(hash) || hex.EncodeToString(sum[:]) == hash {
			return content
		}
	}
	return nil
}

func filesNamed(name, root string) []string {
	var out []string
	_ = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && entry.Name() == name {
			out = append(out, path)
		}
		return nil // a folder that a new synth removes meanwhile holds nothing to find
	})
	return out
}

var special = regexp.MustCompile(`[\\*?\[]`)

func escape(path string) string { return special.ReplaceAllString(path, `\$0`) }
