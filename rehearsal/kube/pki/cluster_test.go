package pki

import (
	"crypto/x509"
	"strings"
	"testing"

	"drover/rehearsal/kube/layout"
)

func TestAJoiningServerGetsTheSameAuthorities(t *testing.T) {
	first, second := layout.Data(t.TempDir()), layout.Data(t.TempDir())
	if err := Create(first); err != nil {
		t.Fatal(err)
	}
	cluster, err := Open(first)
	if err != nil {
		t.Fatal(err)
	}
	files, err := cluster.Shared()
	if err != nil {
		t.Fatal(err)
	}
	if Exists(second) {
		t.Error("an empty folder holds a cluster")
	}
	if err := Import(second, files); err != nil {
		t.Fatal(err)
	}
	joined, err := Open(second)
	if err != nil {
		t.Fatal(err)
	}
	if string(joined.Authority(ServerCA).PEM) != string(cluster.Authority(ServerCA).PEM) {
		t.Error("another server CA after joining")
	}
}

func TestImportRefusesForeignAndMissingFiles(t *testing.T) {
	data := layout.Data(t.TempDir())
	err := Import(data, map[string][]byte{"../../etc/passwd": nil})
	if err == nil || err.Error() != "the server offers '../../etc/passwd', which is no file of a cluster's keys" {
		t.Errorf("got %v", err)
	}
	err = Import(data, map[string][]byte{})
	if err == nil || !strings.Contains(err.Error(), "does not give 'service.key'") {
		t.Errorf("got %v", err)
	}
}

func TestANodesCertificatesAreForThatNode(t *testing.T) {
	data := layout.Data(t.TempDir())
	if err := Create(data); err != nil {
		t.Fatal(err)
	}
	cluster, err := Open(data)
	if err != nil {
		t.Fatal(err)
	}
	files, err := cluster.IssueNode("w1", "10.0.0.7")
	if err != nil {
		t.Fatal(err)
	}
	client, err := ParseCertificate(files["client-kubelet.crt"])
	if err != nil {
		t.Fatal(err)
	}
	if client.Subject.CommonName != "system:node:w1" || client.Subject.Organization[0] != "system:nodes" {
		t.Errorf("subject %v", client.Subject)
	}
	serving, err := ParseCertificate(files["serving-kubelet.crt"])
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(cluster.Authority(ServerCA).PEM)
	if _, err := serving.Verify(x509.VerifyOptions{Roots: roots, DNSName: "10.0.0.7"}); err != nil {
		t.Error(err)
	}
}
