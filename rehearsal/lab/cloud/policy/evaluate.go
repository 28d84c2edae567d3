package policy

import (
	"fmt"
	"strings"
)

// Principal is who calls. The zero value is somebody without a signature.
type Principal struct {
	// Account is the number of the account.
	Account string
	// Role is the ARN of the role.
	Role string
	// Session is the ARN of the role's session.
	Session string
}

// Request is one call that needs a grant.
type Request struct {
	Principal Principal
	// Action is service:Name.
	Action string
	// Resource is the ARN of what is acted on.
	Resource string
	Context  Context
}

// Policies are those that have a say in a request.
type Policies struct {
	// Identity are the policies of the role.
	Identity []*Document
	// Resource is the policy of the resource, nil if it has none.
	Resource *Document
	// ResourceDecides is set for keys: without the consent of the resource's policy the role's count for nothing.
	ResourceDecides bool
	// Endpoint is the policy of the network's endpoint that the call goes through, nil if it goes through none.
	Endpoint *Document
}

// Verdict is the decision on a request.
type Verdict struct {
	Allowed bool
	// Reason is the part of AWS's message behind "because".
	Reason string
	// Problems are parts of the policies that this package does not know: they decided for refusal.
	Problems []string
}

// finding is what one policy says of a request.
type finding struct {
	allows, denies bool
	// delegates: a policy of a resource leaves the decision to the policies of the account.
	delegates bool
}

// Decide evaluates a request.
func Decide(request Request, policies Policies) Verdict {
	var verdict Verdict
	look := func(document *Document, ofResource bool) finding {
		if document == nil {
			return finding{}
		}
		found, problems := document.look(request, ofResource)
		verdict.Problems = append(verdict.Problems, problems...)
		return found
	}
	var identity finding
	for _, document := range policies.Identity {
		found := look(document, false)
		identity.allows = identity.allows || found.allows
		identity.denies = identity.denies || found.denies
	}
	resource := look(policies.Resource, true)
	endpoint := look(policies.Endpoint, true)
	verdict.Reason = reason(request, policies, identity, resource, endpoint)
	verdict.Allowed = verdict.Reason == ""
	return verdict
}

// reason is empty where the request is granted.
func reason(request Request, policies Policies, identity, resource, endpoint finding) string {
	switch {
	case identity.denies:
		return "with an explicit deny in an identity-based policy"
	case resource.denies:
		return "with an explicit deny in a resource-based policy"
	case endpoint.denies:
		return "with an explicit deny in a VPC endpoint policy"
	case policies.Endpoint != nil && !endpoint.allows:
		return fmt.Sprintf("because no VPC endpoint policy allows the %s action", request.Action)
	case resource.allows:
		return ""
	case policies.ResourceDecides && !resource.delegates:
		return fmt.Sprintf("because no resource-based policy allows the %s action", request.Action)
	case identity.allows:
		return ""
	}
	return fmt.Sprintf("because no identity-based policy allows the %s action", request.Action)
}

func (d *Document) look(request Request, ofResource bool) (finding, []string) {
	var found finding
	var problems []string
	for _, s := range d.statements {
		names, delegates := true, false
		if ofResource {
			names, delegates = s.names(request.Principal)
		}
		if !names && !delegates || !s.covers(request) {
			continue
		}
		holds, problem := s.holds(request.Context)
		if problem != "" {
			problems = append(problems, fmt.Sprintf("%s, statement %q: %s", d.Source, s.Sid, problem))
			found.denies = found.denies || s.Effect == deny
			continue
		}
		if !holds {
			continue
		}
		switch {
		case s.Effect == deny:
			found.denies = true
		case names:
			found.allows = true
		default:
			found.delegates = true
		}
	}
	return found, problems
}

// names tells whether the statement of a resource's policy speaks of the caller, or of the caller's whole account.
func (s *statement) names(caller Principal) (direct, account bool) {
	if s.Principal == nil {
		return false, false
	}
	if s.Principal.everybody {
		return true, false
	}
	if caller.Account == "" {
		return false, false
	}
	for _, name := range s.Principal.aws {
		switch {
		case name == caller.Role || name == caller.Session:
			return true, false
		case name == caller.Account || strings.HasSuffix(name, ":iam::"+caller.Account+":root"):
			account = true
		}
	}
	return false, account
}

func (s *statement) covers(request Request) bool {
	action := func(text string) bool {
		return plain(strings.ToLower(text)).matches(strings.ToLower(request.Action))
	}
	resource := func(text string) bool {
		wanted, known := compile(text, request.Context)
		return known && wanted.matches(request.Resource)
	}
	return selects(s.Action, s.NotAction, action) && selects(s.Resource, s.NotResource, resource)
}

func selects(those, allBut texts, met func(string) bool) bool {
	list, inverted := those, false
	if len(those) == 0 {
		list, inverted = allBut, true
	}
	for _, text := range list {
		if met(text) {
			return !inverted
		}
	}
	return inverted
}

// holds tells whether every line of the condition is true; the text says what could not be judged.
func (s *statement) holds(context Context) (bool, string) {
	for name := range s.Condition {
		if _, known := parseOperator(name); !known {
			return false, fmt.Sprintf("condition operator %q is not known here", name)
		}
	}
	for name, lines := range s.Condition {
		o, _ := parseOperator(name)
		for key, values := range lines {
			var wanted []pattern
			for _, value := range values {
				if compiled, known := compile(value, context); known {
					wanted = append(wanted, compiled)
				}
			}
			if !o.holds(key, wanted, context) {
				return false, ""
			}
		}
	}
	return true, ""
}
