package estate

import (
	"fmt"
	"strings"

	"drover/rehearsal/lab/cloud/policy"
	"drover/rehearsal/lab/world"
)

// RolePolicies are the policies of a role; the texts name what this lab can't judge and therefore does not grant.
func (e *Estate) RolePolicies(role string) ([]*policy.Document, []string, error) {
	var out []*policy.Document
	var problems []string
	add := func(source, text string) {
		document, err := policy.Parse(source, text)
		if err != nil {
			problems = append(problems, err.Error())
			return
		}
		out = append(out, document)
	}
	inline, err := e.World.List("aws_iam_role_policy")
	if err != nil {
		return nil, nil, err
	}
	for _, object := range inline {
		if world.Text(object, "role") == role {
			add(object.ID, world.Text(object, "policy"))
		}
	}
	attached, err := e.World.List("aws_iam_role_policy_attachment")
	if err != nil {
		return nil, nil, err
	}
	for _, object := range attached {
		if world.Text(object, "role") != role {
			continue
		}
		arn := world.Text(object, "policy_arn")
		managed, err := e.managedPolicy(arn)
		if err != nil {
			return nil, nil, err
		}
		if managed == nil {
			problems = append(problems, fmt.Sprintf("policy %q of role %q is not in the world: it grants nothing here", arn, role))
			continue
		}
		add(arn, world.Text(managed, "policy"))
	}
	return out, problems, nil
}

func (e *Estate) managedPolicy(arn string) (*world.Object, error) {
	found, err := e.World.List("aws_iam_policy")
	for _, object := range found {
		if world.Text(object, "arn") == arn {
			return object, err
		}
	}
	return nil, err
}

// BucketPolicy is the policy of a bucket; nil if it has none.
func (e *Estate) BucketPolicy(bucket string) (*policy.Document, error) {
	found, err := e.World.List("aws_s3_bucket_policy")
	if err != nil {
		return nil, err
	}
	for _, object := range found {
		if world.Text(object, "bucket") == bucket {
			return policy.Parse("policy of bucket "+bucket, world.Text(object, "policy"))
		}
	}
	return nil, nil
}

// KeyPolicy is the policy of a key; a key without one leaves everything to the account.
func (e *Estate) KeyPolicy(key *world.Object) (*policy.Document, error) {
	text := world.Text(key, "policy")
	if text == "" {
		text = fmt.Sprintf(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":%q},"Action":"kms:*","Resource":"*"}}`,
			"arn:aws:iam::"+Account(world.Text(key, "arn"))+":root")
	}
	return policy.Parse("policy of key "+key.ID, text)
}

// EndpointPolicy is the policy of the endpoint through which machines reach a service of a region; nil where they
// reach it without one.
func (e *Estate) EndpointPolicy(region, service string) (*policy.Document, error) {
	found, err := e.World.List("aws_vpc_endpoint")
	if err != nil {
		return nil, err
	}
	for _, object := range found {
		name := world.Text(object, "service_name")
		gateway := world.Text(object, "vpc_endpoint_type") == "Gateway"
		if object.Scope != region || !strings.HasSuffix(name, "."+region+"."+service) {
			continue
		}
		if !gateway && world.Text(object, "private_dns_enabled") != "true" {
			continue
		}
		if text := world.Text(object, "policy"); text != "" {
			return policy.Parse("policy of endpoint "+object.ID, text)
		}
	}
	return nil, nil
}
