package supervisor

import "fmt"

func errIncomplete(path string) error {
	return fmt.Errorf("%w: the request to '%s' lacks a field", ErrRefused, path)
}

func errNoDocument(err error) error {
	return fmt.Errorf("%w: the request is no JSON document: %w", ErrRefused, err)
}
