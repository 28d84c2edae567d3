package awsapi

import (
	"maps"

	"drover/rehearsal/lab/cloud/estate"
	"drover/rehearsal/lab/cloud/policy"
	"drover/rehearsal/lab/world"
)

// act is what a call does to one resource.
type act struct {
	action   string
	resource string
	context  policy.Context
	// own is the policy of the resource, nil if it has none.
	own *policy.Document
}

// authorize asks the policies of the role, of the resource and of the network's endpoint.
func (a *API) authorize(c *call, what act) *fault {
	endpoint, err := a.Estate.EndpointPolicy(c.region, c.service)
	if err != nil {
		a.Log.Error("policy not understood: it grants nothing", "service", c.service, "problem", err.Error())
		return c.denied(c.caller, what.action, what.resource, "because its VPC endpoint policy is not understood")
	}
	return a.decide(c, what, policy.Policies{Resource: what.own, Endpoint: endpoint})
}

// authorizeKey asks for the use of a key on the caller's behalf by the service that is called.
func (a *API) authorizeKey(c *call, action string, key *world.Object, encryption policy.Context) *fault {
	own, err := a.Estate.KeyPolicy(key)
	if err != nil {
		a.Log.Error("policy not understood: it grants nothing", "key", key.ID, "problem", err.Error())
		return c.denied(c.caller, action, world.Text(key, "arn"), "because the key's policy is not understood")
	}
	context := policy.Context{"kms:ViaService": {c.service + "." + c.region + "." + c.domain}}
	if c.caller != nil {
		context["kms:CallerAccount"] = []string{c.caller.principal.Account}
	}
	maps.Copy(context, encryption)
	what := act{action: action, resource: world.Text(key, "arn"), context: context}
	return a.decide(c, what, policy.Policies{Resource: own, ResourceDecides: true})
}

func (a *API) decide(c *call, what act, policies policy.Policies) *fault {
	caller := c.caller
	if caller == nil {
		caller = &Caller{}
	}
	context := policy.Context{
		"aws:SecureTransport": {"true"}, "aws:RequestedRegion": {c.region},
		"aws:ResourceAccount": {a.account(what.resource)},
	}
	maps.Copy(context, caller.context)
	maps.Copy(context, what.context)
	policies.Identity = caller.policies
	verdict := policy.Decide(policy.Request{
		Principal: caller.principal, Action: what.action, Resource: what.resource, Context: context,
	}, policies)
	for _, problem := range verdict.Problems {
		a.Log.Error("policy not understood: it denies", "action", what.action, "problem", problem)
	}
	if verdict.Allowed {
		return nil
	}
	return c.denied(caller, what.action, what.resource, verdict.Reason)
}

// account is the owner of a resource. All buckets of the world belong to one account, that of its roles.
func (a *API) account(arn string) string {
	if account := estate.Account(arn); account != "" {
		return account
	}
	roles, err := a.Estate.World.List("aws_iam_role")
	if err != nil || len(roles) == 0 {
		return ""
	}
	return estate.Account(world.Text(roles[0], "arn"))
}
