package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

func namespace(name string) j { return j{"metadata": []any{j{"name": name}}} }

func TestNamesAreUniqueInsideTheirScope(t *testing.T) {
	dir := t.TempDir()
	west, north := startIn(t, dir, "aws", j{"region": "eu-west-1"}), startIn(t, dir, "aws", j{"region": "eu-north-1"})
	template := j{"name": "workers"}
	west.make(t, "aws_launch_template", nil, template)
	north.make(t, "aws_launch_template", nil, template)
	west.make(t, "aws_launch_template", nil, j{"name": "workers", "region": "eu-west-2"})
	role := j{"name": "server", "assume_role_policy": "{}"}
	west.make(t, "aws_iam_role", nil, role)
	north.refused(t, "aws_iam_role", role, "AlreadyExists", "server")

	one := startIn(t, dir, "kubernetes", j{"host": "https://rancher.test/k8s/clusters/c-m-11111111"})
	two := startIn(t, dir, "kubernetes", j{"host": "https://rancher.test/k8s/clusters/c-m-22222222"})
	one.make(t, "kubernetes_namespace_v1", nil, namespace("shop"))
	two.make(t, "kubernetes_namespace_v1", nil, namespace("shop"))
	one.refused(t, "kubernetes_namespace_v1", namespace("shop"), "AlreadyExists", "shop")
}

func TestClusterKeepsItsObjectsWhenItsAddressChanges(t *testing.T) {
	dir := t.TempDir()
	cloud := startIn(t, dir, "aws", j{"region": "eu-west-1"})
	pending(t, cloud, "/dev/ca")
	deployer := pending(t, cloud, "/dev/deployer")
	text := bootstrapText
	publish := func() credential {
		if _, problem := associate(t, cloud, base64.StdEncoding.EncodeToString([]byte(cloudConfig(text)))); problem != "" {
			t.Fatal(problem)
		}
		var out credential
		must(t, json.Unmarshal([]byte(cloud.read1(t, deployer)), &out))
		return out
	}
	old := publish()
	made := startIn(t, dir, "kubernetes", j{"host": old.Host, "token": old.Token}).make(t, "kubernetes_namespace_v1", nil, namespace("shop"))

	document := cloud.objects(t, "aws_ssm_document")[0]
	must(t, cloud.world.remove(document, false))
	text = strings.ReplaceAll(text, "api.internal", "other.internal")
	now := publish()
	if now.Host == old.Host {
		t.Fatal("the address did not change")
	}
	moved := startIn(t, dir, "kubernetes", j{"host": now.Host, "token": now.Token})
	if moved.refresh(t, made) == nil {
		t.Error("the namespace is gone with the old address")
	}

	loaded := moved.schemas
	stranger, err := newServerWith("kubernetes", dir, 0, loaded)
	must(t, err)
	response, err := stranger.ConfigureProvider(context.Background(), &tfprotov6.ConfigureProviderRequest{
		Config: encode(t, loaded.provider, j{"host": now.Host, "token": "wrong"}),
	})
	must(t, err)
	if len(response.Diagnostics) == 0 || !strings.Contains(response.Diagnostics[0].Summary, "Unauthorized") {
		t.Errorf("a wrong token is let in: %v", response.Diagnostics)
	}
}

func TestNothingIsCalledWhileTheClusterIsNotKnown(t *testing.T) {
	s := start(t, "kubernetes", j{"host": unknownText})
	p := s.plan(t, "kubernetes_namespace_v1", nil, namespace("shop"))
	if !p.isUnknown("id") {
		t.Error("a plan is possible all the same")
	}
	s.refused(t, "kubernetes_namespace_v1", namespace("shop"), "known only after apply")
}

func TestRancherNamesItsClusters(t *testing.T) {
	s := start(t, "rancher2", j{"api_url": "https://rancher.test"})
	cluster := s.make(t, "rancher2_cluster_v2", nil, j{"name": "shop", "kubernetes_version": "v1.35.7+rke2r1"})
	equal(t, "id", cluster.id(), "fleet-default/shop")
	internal := displayed(cluster.attribute("cluster_v1_id"))
	token := displayed(cluster.attribute("cluster_registration_token.0.token"))
	command := displayed(cluster.attribute("cluster_registration_token.0.node_command"))
	if !strings.Contains(command, "--server https://rancher.test --label") || !strings.HasSuffix(command, "--token "+token) {
		t.Errorf("got %q", command)
	}
	equal(t, "cluster of the token", cluster.attribute("cluster_registration_token.0.cluster_id"), internal)
	project := s.make(t, "rancher2_project", nil, j{"name": "platform", "cluster_id": internal})
	if !strings.HasPrefix(project.id(), internal+":p-") {
		t.Errorf("got %q", project.id())
	}
	s.refused(t, "rancher2_project", j{"name": "x", "cluster_id": "c-m-00000000"}, "NotFound", "c-m-00000000")
	bootstrap := s.make(t, "rancher2_bootstrap", nil, j{"initial_password": "first login"})
	if !strings.HasPrefix(displayed(bootstrap.attribute("token")), "token-") {
		t.Errorf("got %v", bootstrap.attribute("token"))
	}
	equal(t, "password", bootstrap.attribute("current_password"), bootstrap.attribute("password"))
	if bootstrap.attribute("password") == "first login" {
		t.Error("the first login's password stays")
	}
	equal(t, "url", bootstrap.attribute("url"), "https://rancher.test")
	found, problem := s.data(t, "rancher2_cluster_v2", j{"name": "shop"})
	equal(t, "found", displayed(found["cluster_v1_id"])+problem, internal)
}
