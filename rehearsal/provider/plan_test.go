package main

import (
	"slices"
	"strings"
	"testing"
)

func TestPlanMarksOnlyWhatTheCloudDecidesAsUnknown(t *testing.T) {
	s := start(t, "aws", j{"region": "eu-west-1", "default_tags": []any{j{"tags": j{"env": "dev", "team": "core"}}}})
	p := s.plan(t, "aws_vpc", nil, j{"cidr_block": "10.0.0.0/16", "tags": j{"team": "edge"}})
	state := objectJSON(p.state)
	equal(t, "region", state["region"], "eu-west-1")
	equal(t, "cidr_block", state["cidr_block"], "10.0.0.0/16")
	equal(t, "tags_all", state["tags_all"], map[string]any{"env": "dev", "team": "edge"})
	for _, name := range []string{"id", "arn", "main_route_table_id"} {
		if !p.isUnknown(name) {
			t.Errorf("%s is known", name)
		}
	}
	if p.response.UnsafeToUseLegacyTypeSystem {
		t.Error("the legacy type system is asked for without a need")
	}
}

func TestPlanNeverKeepsAWriteOnlyValue(t *testing.T) {
	s := aws(t)
	p := s.plan(t, "aws_ssm_parameter", nil, j{"name": "/a", "type": "SecureString", "value_wo": "secret", "value_wo_version": 1})
	if strings.Contains(displayed(objectJSON(p.state)), "secret") {
		t.Error("the plan holds the secret")
	}
}

func TestPlanReplaces(t *testing.T) {
	launchTemplate := j{"name": "workers", "instance_type": "m7i.large", "user_data": "YQ=="}
	instance := j{"ami": "ami-1", "instance_type": "m7i.large"}
	cases := []struct {
		name, kind    string
		before, after j
		want          []string
	}{
		{"a forced argument", "aws_vpc", j{"cidr_block": "10.0.0.0/16"}, j{"cidr_block": "10.1.0.0/16"}, []string{"cidr_block"}},
		{"another region", "aws_vpc", j{"cidr_block": "10.0.0.0/16"}, j{"cidr_block": "10.0.0.0/16", "region": "eu-west-2"}, []string{"region"}},
		{"tags in place", "aws_vpc", j{"cidr_block": "10.0.0.0/16"}, j{"cidr_block": "10.0.0.0/16", "tags": j{"a": "b"}}, nil},
		{"a value known after apply", "aws_vpc", j{"cidr_block": "10.0.0.0/16"}, j{"cidr_block": unknownText}, []string{"cidr_block"}},
		{"the default written out", "aws_kms_key", j{}, j{"key_usage": "ENCRYPT_DECRYPT"}, nil},
		{"a machine type in place", "aws_instance", instance, j{"ami": "ami-1", "instance_type": "m7i.xlarge"}, nil},
		{"a machine type of another architecture", "aws_instance", instance, j{"ami": "ami-1", "instance_type": "m7g.large"}, []string{"instance_type"}},
		{"user data in place", "aws_instance", j{"ami": "ami-1", "user_data_base64": "YQ=="}, j{"ami": "ami-1", "user_data_base64": "Yg=="}, nil},
		{"user data where asked for", "aws_instance", j{"ami": "ami-1", "user_data_base64": "YQ=="}, j{"ami": "ami-1", "user_data_base64": "Yg==", "user_data_replace_on_change": true}, []string{"user_data_base64"}},
		{"a device block that came", "aws_instance", instance, j{"ami": "ami-1", "instance_type": "m7i.large", "ebs_block_device": []any{j{"device_name": "/dev/sdf"}}}, []string{"ebs_block_device"}},
		{"a root device's size in place", "aws_instance", j{"ami": "a", "root_block_device": []any{j{"volume_size": 10}}}, j{"ami": "a", "root_block_device": []any{j{"volume_size": 20}}}, nil},
		{"a root device's encryption", "aws_instance", j{"ami": "a", "root_block_device": []any{j{"encrypted": false}}}, j{"ami": "a", "root_block_device": []any{j{"encrypted": true}}}, []string{"root_block_device"}},
		{"a parameter's tier down", "aws_ssm_parameter", j{"name": "/a", "type": "String", "value": "x", "tier": "Advanced"}, j{"name": "/a", "type": "String", "value": "x", "tier": "Standard"}, []string{"tier"}},
		{"a parameter's tier up in place", "aws_ssm_parameter", j{"name": "/a", "type": "String", "value": "x", "tier": "Standard"}, j{"name": "/a", "type": "String", "value": "x", "tier": "Advanced"}, nil},
		{"a launch template in place", "aws_launch_template", launchTemplate, j{"name": "workers", "instance_type": "m7i.large", "user_data": "Yg=="}, nil},
		{"a new hook of a group", "aws_autoscaling_group", j{"name": "w", "min_size": 1, "max_size": 2}, j{"name": "w", "min_size": 1, "max_size": 2, "initial_lifecycle_hook": []any{j{"name": "boot", "lifecycle_transition": "autoscaling:EC2_INSTANCE_LAUNCHING"}}}, []string{"initial_lifecycle_hook"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := aws(t)
			prior := s.make(t, c.kind, nil, c.before)
			got := s.plan(t, c.kind, prior, c.after).replaces()
			if !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestPlanReplacesANetworkLoadBalancerAsAmazonDoes(t *testing.T) {
	s := aws(t)
	vpc, first := s.network(t)
	second := s.make(t, "aws_subnet", nil, j{"vpc_id": vpc.id(), "cidr_block": "10.20.2.0/24", "availability_zone": "eu-west-1b"})
	group := s.make(t, "aws_security_group", nil, j{"name": "lb", "vpc_id": vpc.id()})
	config := func(subnets, groups []any) j {
		return j{"name": "api", "load_balancer_type": "network", "subnets": subnets, "security_groups": groups}
	}
	bare := s.make(t, "aws_lb", nil, j{"name": "api", "load_balancer_type": "network", "subnets": []any{first.id()}})
	grown := s.plan(t, "aws_lb", bare, j{"name": "api", "load_balancer_type": "network", "subnets": []any{first.id(), second.id()}})
	equal(t, "one more subnet", grown.replaces(), []string(nil))
	swapped := s.plan(t, "aws_lb", bare, j{"name": "api", "load_balancer_type": "network", "subnets": []any{second.id()}})
	equal(t, "another subnet", swapped.replaces(), []string{"subnets"})
	guarded := s.plan(t, "aws_lb", bare, config([]any{first.id()}, []any{group.id()}))
	equal(t, "the first security group", guarded.replaces(), []string{"security_groups"})
	application := s.make(t, "aws_lb", nil, j{"name": "web", "subnets": []any{first.id(), second.id()}})
	equal(t, "an application's subnets", s.plan(t, "aws_lb", application, j{"name": "web", "subnets": []any{first.id()}}).replaces(), []string(nil))
}

func TestPlanReplacesAnInterfaceThatLosesItsPrimaryAddress(t *testing.T) {
	s := aws(t)
	_, subnet := s.network(t)
	config := func(addresses ...any) j { return j{"subnet_id": subnet.id(), "private_ips": addresses} }
	prior := s.make(t, "aws_network_interface", nil, config("10.20.1.10"))
	equal(t, "one more address", s.plan(t, "aws_network_interface", prior, config("10.20.1.10", "10.20.1.11")).replaces(), []string(nil))
	equal(t, "another address", s.plan(t, "aws_network_interface", prior, config("10.20.1.12")).replaces(), []string{"private_ips"})
}

func TestPlanMovesACounterOnlyOnARealDifference(t *testing.T) {
	s := aws(t)
	config := j{"name": "workers", "instance_type": "m7i.large", "user_data": "YQ=="}
	first := s.make(t, "aws_launch_template", nil, config)
	equal(t, "first version", first.attribute("latest_version"), 1)
	if s.plan(t, "aws_launch_template", first, config).isUnknown("latest_version") {
		t.Error("the version moves without a change")
	}
	config["user_data"] = "Yg=="
	if !s.plan(t, "aws_launch_template", first, config).isUnknown("latest_version") {
		t.Error("the version does not move")
	}
	second := s.make(t, "aws_launch_template", first, config)
	equal(t, "second version", second.attribute("latest_version"), 2)
	config["tags"] = j{"a": "b"}
	equal(t, "tags make no version", s.make(t, "aws_launch_template", second, config).attribute("latest_version"), 2)
}

func TestPlanRecomputesAnObjectsVersionOnAChangeOfItsContent(t *testing.T) {
	s := aws(t)
	s.make(t, "aws_s3_bucket", nil, j{"bucket": "bundles"})
	config := j{"bucket": "bundles", "key": "a", "content": "one"}
	first := s.make(t, "aws_s3_object", nil, config)
	equal(t, "etag", first.attribute("etag"), "f97c5d29941bfb1b2fdab0874906ab82")
	config["tags"] = j{"a": "b"}
	if s.plan(t, "aws_s3_object", first, config).isUnknown("version_id") {
		t.Error("tags move the version")
	}
	config["content"] = "two"
	equal(t, "etag", s.make(t, "aws_s3_object", first, config).attribute("etag"), "b8a9f715dbb64fd5c56e7783c6820a61")
}

func TestPlanKeepsBlocksThatTheCloudFilled(t *testing.T) {
	s := aws(t)
	config := j{"ami": "ami-1", "instance_type": "m7i.large"}
	machine := s.make(t, "aws_instance", nil, config)
	if !strings.HasPrefix(displayed(machine.attribute("root_block_device.0.volume_id")), "vol-") {
		t.Errorf("no root device: %v", machine.attribute("root_block_device"))
	}
	if !s.plan(t, "aws_instance", machine, config).response.UnsafeToUseLegacyTypeSystem {
		t.Error("a filled block needs the legacy type system")
	}
}

func TestPlanUsesAFrameworkProvidersDefaults(t *testing.T) {
	s := start(t, "helm", j{})
	p := s.plan(t, "helm_release", nil, j{"name": "a", "chart": "b", "wait": false})
	state := objectJSON(p.state)
	equal(t, "timeout", state["timeout"], 300)
	equal(t, "wait", state["wait"], false)
	prior := s.make(t, "helm_release", nil, j{"name": "a", "chart": "b", "wait": false})
	equal(t, "wait, removed", objectJSON(s.plan(t, "helm_release", prior, j{"name": "a", "chart": "b"}).state)["wait"], true)
}
