package main

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"
)

func TestValidationRefusesInTheProvidersWords(t *testing.T) {
	long := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", 16385)))
	cases := []struct {
		name, kind string
		config     j
		want       []string
	}{
		{"nothing wrong", "aws_vpc", j{"cidr_block": "10.0.0.0/16"}, nil},
		{"a value that only the provider decides", "aws_vpc", j{"cidr_block": "10.0.0.0/16", "owner_id": "1"},
			[]string{`Value for unconfigurable attribute: Can't configure a value for "owner_id": its value will be decided automatically based on the result of applying this configuration.`}},
		{"an unknown type of balancer", "aws_lb", j{"name": "a", "load_balancer_type": "netwrk", "subnets": []any{"s"}},
			[]string{`expected load_balancer_type to be one of ["application" "network" "gateway"], got netwrk`}},
		{"a number outside a closed set", "aws_cloudwatch_log_group", j{"retention_in_days": 2},
			[]string{`expected retention_in_days to be one of [0 1 3 5 7 14 30 60 90 120 150 180 365 400 545 731 1096 1827 2192 2557 2922 3288 3653], got 2`}},
		{"a number outside its range", "aws_iam_role", j{"assume_role_policy": "{}", "max_session_duration": 60},
			[]string{`expected max_session_duration to be in the range (3600 - 43200), got 60`}},
		{"two names", "aws_iam_role", j{"assume_role_policy": "{}", "name": "a", "name_prefix": "b"},
			[]string{`Conflicting configuration arguments: "name": conflicts with name_prefix`}},
		{"a conflict across levels", "aws_instance", j{"ami": "a", "instance_type": "t", "subnet_id": "s", "primary_network_interface": []any{j{"network_interface_id": "e"}}},
			[]string{`Conflicting configuration arguments: "primary_network_interface": conflicts with subnet_id`}},
		{"a conflict inside a block", "aws_launch_template", j{"iam_instance_profile": []any{j{"arn": "a", "name": "b"}}},
			[]string{`Conflicting configuration arguments: "iam_instance_profile.arn": conflicts with iam_instance_profile.name`}},
		{"none of exactly one", "aws_ssm_parameter", j{"name": "/a", "type": "String"},
			[]string{"Invalid combination of arguments: \"value\": one of `value,insecure_value,value_wo` must be specified"}},
		{"two of exactly one", "aws_ssm_parameter", j{"name": "/a", "type": "String", "value": "a", "insecure_value": "b"},
			[]string{"Invalid combination of arguments: \"insecure_value\": only one of `value,insecure_value,value_wo` can be specified, but `insecure_value,value` were specified."}},
		{"none of at least one", "aws_ebs_volume", j{"availability_zone": "a"},
			[]string{"Missing required argument: \"size\": one of `size,snapshot_id` must be specified"}},
		{"a write-only value without its version", "aws_ssm_parameter", j{"name": "/a", "type": "String", "value_wo": "a"},
			[]string{"Missing required argument: \"value_wo\": all of `value_wo,value_wo_version` must be specified"}},
		{"too many targets", "aws_ssm_association", j{"name": "AWS-RunShellScript", "targets": targets(6)},
			[]string{"Too many list items: Attribute targets supports 5 item maximum, but config has 6 declared."}},
		{"a long name", "aws_lb", j{"name": strings.Repeat("a", 33), "subnets": []any{"s"}},
			[]string{"expected length of name to be in the range (1 - 32), got " + strings.Repeat("a", 33)}},
		{"user data over its limit", "aws_instance", j{"ami": "a", "instance_type": "t", "user_data_base64": long},
			[]string{"expected user_data_base64 to be at most 16384 bytes, got 16385"}},
		{"user data that is not Base64", "aws_launch_template", j{"user_data": "#cloud-config"},
			[]string{"expected user_data to be base64-encoded"}},
		{"throughput of a volume that has none", "aws_ebs_volume", j{"availability_zone": "a", "size": 1, "type": "gp2", "throughput": 200},
			[]string{`Conflicting configuration arguments: "throughput" must not be set when "type" is "gp2"`}},
		{"a target group without a port", "aws_lb_target_group", j{"name": "a", "protocol": "TCP", "vpc_id": "v"},
			[]string{`Missing required argument: "port" must be set when "target_type" is "instance"`}},
		{"a value known after apply", "aws_ssm_parameter", j{"name": "/a", "type": unknownText, "value": unknownText, "insecure_value": unknownText}, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := aws(t).judged(t, c.kind, c.config); !slices.Equal(got, c.want) {
				t.Errorf("\n got %q\nwant %q", got, c.want)
			}
		})
	}
}

func targets(n int) []any {
	out := make([]any, n)
	for i := range out {
		out[i] = j{"key": "InstanceIds", "values": []any{"i"}}
	}
	return out
}

func TestValidationKnowsWhatAGivenBlockRequires(t *testing.T) {
	s := aws(t)
	config := j{"name": "w", "min_size": 1, "max_size": 1, "mixed_instances_policy": []any{j{}}}
	if got := s.judged(t, "aws_autoscaling_group", config); !slices.Contains(got, `Missing required argument: The argument "mixed_instances_policy.launch_template" is required, but no definition was found.`) {
		t.Errorf("got %q", got)
	}
}

func TestValidationOfKubernetesKnowsItsConflicts(t *testing.T) {
	s := start(t, "kubernetes", j{})
	got := s.judged(t, "kubernetes_secret_v1", j{"metadata": []any{j{"name": "a", "generate_name": "b"}}})
	if !slices.Contains(got, `Conflicting configuration arguments: "metadata.generate_name": conflicts with metadata.name`) {
		t.Errorf("got %q", got)
	}
}
