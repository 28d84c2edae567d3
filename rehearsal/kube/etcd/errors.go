package etcd

import "fmt"

func errNotAdmitted(peer string, err error) error {
	return fmt.Errorf("etcd did not take '%s' as a member in time: %w", peer, err)
}

func errNotPromoted(name string, err error) error {
	return fmt.Errorf("etcd member '%s' did not become a voting one in time: %w", name, err)
}

func errNoMember(name, found string) error {
	return fmt.Errorf("this server is not a member of the etcd cluster: found '%s', expected '%s'", found, name)
}

func errMoved(name, recorded, now string) error {
	return fmt.Errorf("etcd member '%s' has address '%s', this machine has '%s': a member can't change its address; give the machine its address back, or delete its Node and begin with an empty disk",
		name, recorded, now)
}
