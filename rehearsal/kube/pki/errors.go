package pki

import "fmt"

func errNoPEM() error { return fmt.Errorf("holds no PEM block") }

func errUnreadable(path string, err error) error { return fmt.Errorf("'%s': %w", path, err) }

func errForeignFile(name string) error {
	return fmt.Errorf("the server offers '%s', which is no file of a cluster's keys", name)
}

func errMissingFile(name string) error {
	return fmt.Errorf("the server does not give '%s', without which no server can join", name)
}
