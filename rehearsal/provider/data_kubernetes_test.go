package main

import (
	"crypto/x509"
	"encoding/pem"
	"strings"
	"testing"
)

func setting(name string) j {
	return j{"api_version": "management.cattle.io/v3", "kind": "Setting", "metadata": []any{j{"name": name}}}
}

func TestCertificatesOfRancherAreThereOnceItIsInstalled(t *testing.T) {
	dir := t.TempDir()
	host := "https://api.management.test:6443"
	cluster := startIn(t, dir, "kubernetes", j{"host": host})
	if _, problem := cluster.data(t, "kubernetes_resource", setting("cacerts")); !strings.Contains(problem, `settings.management.cattle.io "cacerts" not found: Rancher is not installed`) {
		t.Errorf("before any release: got %q", problem)
	}

	charts := startIn(t, dir, "helm", j{"kubernetes": j{"host": host}})
	charts.make(t, "helm_release", nil, j{"name": "cert-manager", "chart": "cert-manager", "namespace": "cert-manager"})
	if _, problem := cluster.data(t, "kubernetes_resource", setting("cacerts")); !strings.Contains(problem, "not found") {
		t.Errorf("after another chart: got %q", problem)
	}

	charts.make(t, "helm_release", nil, j{"name": "rancher", "chart": "rancher", "namespace": "cattle-system"})
	got, problem := cluster.data(t, "kubernetes_resource", setting("cacerts"))
	equal(t, "problem", problem, "")
	equal(t, "kind", jsonAt(got, "object.kind"), "Setting")
	block, rest := pem.Decode([]byte(displayed(jsonAt(got, "object.value"))))
	if block == nil || len(rest) > 0 {
		t.Fatalf("got %v, which is not one certificate in PEM", got["object"])
	}
	certificate, err := x509.ParseCertificate(block.Bytes)
	must(t, err)
	equal(t, "is an authority", certificate.IsCA, true)
	again, _ := cluster.data(t, "kubernetes_resource", setting("cacerts"))
	equal(t, "the second read", jsonAt(again, "object.value"), jsonAt(got, "object.value"))
}

func TestOtherObjectsOfAClusterAreRefused(t *testing.T) {
	s := start(t, "kubernetes", j{"host": "https://api.management.test:6443"})
	for name, config := range map[string]j{
		`Setting "server-url"`:    setting("server-url"),
		`ConfigMap "cacerts"`:     {"api_version": "v1", "kind": "ConfigMap", "metadata": []any{j{"name": "cacerts"}}},
		`Setting "cacerts"`:       {"api_version": "v1", "kind": "Setting", "metadata": []any{j{"name": "cacerts"}}},
		`Deployment "storefront"`: {"api_version": "apps/v1", "kind": "Deployment", "metadata": []any{j{"name": "storefront", "namespace": "storefront"}}},
	} {
		_, problem := s.data(t, "kubernetes_resource", config)
		if !strings.Contains(problem, "the simulated cluster records releases and runs none: it has no "+name) {
			t.Errorf("%s: got %q", name, problem)
		}
	}
}
