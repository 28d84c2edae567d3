package pki

// Node is what an agent is given to be a node of its cluster, by the names of the files below agent/.
type Node map[string][]byte

// IssueNode makes a node's certificates.
func (c *Cluster) IssueNode(name, address string) (Node, error) {
	files := Node{
		"client-ca.crt": c.known[ClientCA].PEM,
		"server-ca.crt": c.known[ServerCA].PEM,
	}
	for base, wanted := range map[string]struct {
		authority string
		subject   Subject
	}{
		"client-kubelet":    {ClientCA, Subject{Name: "system:node:" + name, Groups: []string{"system:nodes"}}},
		"client-kube-proxy": {ClientCA, Subject{Name: "system:kube-proxy"}},
		"serving-kubelet":   {ServerCA, Subject{Name: name, Hosts: []string{"127.0.0.1", name, "localhost", address}}},
	} {
		pair, err := c.known[wanted.authority].Issue(wanted.subject)
		if err != nil {
			return nil, err
		}
		files[base+".crt"], files[base+".key"] = pair.Certificate, pair.Key
	}
	return files, nil
}
