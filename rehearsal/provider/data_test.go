package main

import (
	"strings"
	"testing"
)

func TestZonesAreThoseOfTheRegion(t *testing.T) {
	s := aws(t)
	got, _ := s.data(t, "aws_availability_zones", j{"state": "available"})
	equal(t, "names", got["names"], []any{"eu-west-1a", "eu-west-1b", "eu-west-1c"})
	equal(t, "zone_ids", got["zone_ids"], []any{"euw1-az1", "euw1-az2", "euw1-az3"})
	got, _ = s.data(t, "aws_availability_zones", j{"region": "ap-southeast-2", "exclude_names": []any{"ap-southeast-2b"}})
	equal(t, "zone_ids elsewhere", got["zone_ids"], []any{"apse2-az1", "apse2-az3"})
}

func TestAccountFacts(t *testing.T) {
	s := aws(t)
	caller, _ := s.data(t, "aws_caller_identity", j{})
	equal(t, "account", caller["account_id"], s.rules.Account)
	partition, _ := s.data(t, "aws_partition", j{})
	equal(t, "suffix", partition["dns_suffix"], "amazonaws.com")
	region, _ := s.data(t, "aws_region", j{})
	equal(t, "region", region["region"], "eu-west-1")
}

func TestParametersByPathAreAListAndNeverAnError(t *testing.T) {
	s := aws(t)
	got, problem := s.data(t, "aws_ssm_parameters_by_path", j{"path": "/dev"})
	equal(t, "problem", problem, "")
	equal(t, "names of nothing", got["names"], []any{})
	for _, name := range []string{"/dev/b", "/dev/a", "/dev/deep/c", "/develop/d"} {
		s.make(t, "aws_ssm_parameter", nil, j{"name": name, "type": "String", "value": "v" + name})
	}
	got, _ = s.data(t, "aws_ssm_parameters_by_path", j{"path": "/dev/"})
	equal(t, "names", got["names"], []any{"/dev/a", "/dev/b"})
	equal(t, "values", got["values"], []any{"v/dev/a", "v/dev/b"})
	got, _ = s.data(t, "aws_ssm_parameters_by_path", j{"path": "/dev", "recursive": true})
	equal(t, "names below", got["names"], []any{"/dev/a", "/dev/b", "/dev/deep/c"})
}

func TestParametersPublicAndOwn(t *testing.T) {
	s := aws(t)
	image := "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id"
	first, _ := s.data(t, "aws_ssm_parameter", j{"name": image})
	second, _ := s.data(t, "aws_ssm_parameter", j{"name": image})
	if !strings.HasPrefix(displayed(first["value"]), "ami-") || first["value"] != second["value"] {
		t.Errorf("got %v and %v", first["value"], second["value"])
	}
	if _, problem := s.data(t, "aws_ssm_parameter", j{"name": "/own"}); !strings.Contains(problem, "ParameterNotFound") {
		t.Errorf("got %q", problem)
	}
	s.make(t, "aws_ssm_parameter", nil, j{"name": "/own", "type": "SecureString", "value": "x"})
	own, _ := s.data(t, "aws_ssm_parameter", j{"name": "/own"})
	equal(t, "value", own["value"], "x")
	equal(t, "insecure value of a secret", own["insecure_value"], nil)
}

func TestPreconditionsExistBeforehand(t *testing.T) {
	s := aws(t)
	zone, _ := s.data(t, "aws_route53_zone", j{"name": "prod.example.com."})
	same, _ := s.data(t, "aws_route53_zone", j{"name": "prod.example.com"})
	private, _ := s.data(t, "aws_route53_zone", j{"name": "prod.example.com", "private_zone": true})
	equal(t, "zone", zone["zone_id"], same["zone_id"])
	if zone["zone_id"] == private["zone_id"] {
		t.Error("a private zone is the public one")
	}
	key, _ := s.data(t, "aws_kms_key", j{"key_id": "alias/drover"})
	alias, _ := s.data(t, "aws_kms_alias", j{"name": "alias/drover"})
	equal(t, "key", alias["target_key_arn"], key["arn"])
	bucket, _ := s.data(t, "aws_s3_bucket", j{"bucket": "state"})
	equal(t, "bucket", bucket["arn"], "arn:aws:s3:::state")
	if _, problem := s.data(t, "aws_kms_key", j{"key_id": "drover"}); !strings.Contains(problem, `"drover" must be`) {
		t.Errorf("got %q", problem)
	}
}

func TestObjectsOfTheWorldAreFoundByArgumentsTagsAndFilters(t *testing.T) {
	s := aws(t)
	vpc := s.make(t, "aws_vpc", nil, j{"cidr_block": "10.0.0.0/16", "tags": j{"Name": "core"}})
	for name, config := range map[string]j{
		"id":     {"id": vpc.id()},
		"tags":   {"tags": j{"Name": "core"}},
		"filter": {"filter": []any{j{"name": "tag:Name", "values": []any{"core"}}}},
	} {
		got, problem := s.data(t, "aws_vpc", config)
		equal(t, name, displayed(got["arn"])+problem, vpc.attribute("arn"))
	}
	if _, problem := s.data(t, "aws_vpc", j{"tags": j{"Name": "other"}}); !strings.Contains(problem, "no matching EC2 VPC found") {
		t.Errorf("got %q", problem)
	}
}

func TestImagesNeedAnOwner(t *testing.T) {
	s := aws(t)
	if _, problem := s.data(t, "aws_ami", j{"most_recent": true}); !strings.Contains(problem, "Most Recent Image Not Filtered") {
		t.Errorf("got %q", problem)
	}
	got, problem := s.data(t, "aws_ami", j{"most_recent": true, "owners": []any{"099720109477"}})
	equal(t, "problem", problem, "")
	equal(t, "image_id", got["image_id"], got["id"])
}

func TestPolicyDocumentIsRenderedAsTheProviderDoes(t *testing.T) {
	s := aws(t)
	got, problem := s.data(t, "aws_iam_policy_document", j{"statement": []any{
		j{
			"sid": "Read", "actions": []any{"s3:GetObject", "s3:ListBucket"}, "resources": []any{"arn:aws:s3:::b/&{aws:username}"},
			"principals": []any{j{"type": "AWS", "identifiers": []any{"1", "2"}}},
			"condition": []any{
				j{"test": "StringEquals", "variable": "aws:a", "values": []any{"x"}},
				j{"test": "StringEquals", "variable": "aws:b", "values": []any{"y", "z"}},
			},
		},
		j{"effect": "Deny", "not_actions": []any{"*"}, "principals": []any{j{"type": "*", "identifiers": []any{"*"}}}},
	}})
	equal(t, "problem", problem, "")
	equal(t, "document", got["minified_json"], `{"Version":"2012-10-17","Statement":[`+
		`{"Sid":"Read","Effect":"Allow","Action":["s3:ListBucket","s3:GetObject"],"Resource":"arn:aws:s3:::b/${aws:username}",`+
		`"Principal":{"AWS":["1","2"]},"Condition":{"StringEquals":{"aws:a":"x","aws:b":["y","z"]}}},`+
		`{"Effect":"Deny","NotAction":"*","Principal":"*"}]}`)
	merged, _ := s.data(t, "aws_iam_policy_document", j{
		"source_policy_documents":   []any{`{"Statement":[{"Sid":"A","Effect":"Allow"}]}`},
		"override_policy_documents": []any{`{"Statement":[{"Sid":"A","Effect":"Deny"}]}`},
	})
	equal(t, "merged", merged["minified_json"], `{"Version":"2012-10-17","Statement":[{"Sid":"A","Effect":"Deny"}]}`)
}
