package policy

import (
	"strings"
	"testing"
)

const (
	role   = "arn:aws:iam::123456789012:role/drover-dev-shop-workers"
	bundle = "arn:aws:s3:::drover-dev-eu-bundle-4fe83d/bootstrap.tar"
)

var machine = Principal{
	Account: "123456789012", Role: role,
	Session: "arn:aws:sts::123456789012:assumed-role/drover-dev-shop-workers/i-1",
}

func document(t *testing.T, statements string) *Document {
	t.Helper()
	out, err := Parse("test", `{"Version":"2012-10-17","Statement":[`+statements+`]}`)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func grant(t *testing.T, condition string, context Context) Verdict {
	t.Helper()
	d := document(t, `{"Sid":"S","Effect":"Allow","Action":"s3:Get*","Resource":"*","Condition":`+condition+`}`)
	return Decide(Request{Principal: machine, Action: "s3:GetObject", Resource: bundle, Context: context},
		Policies{Identity: []*Document{d}})
}

func TestActionsAndResourcesMatchWithWildcards(t *testing.T) {
	for _, c := range []struct {
		name, statement string
		allowed         bool
	}{
		{"the action itself", `{"Effect":"Allow","Action":"s3:GetObject","Resource":"` + bundle + `"}`, true},
		{"actions are compared without case", `{"Effect":"Allow","Action":"S3:getobject","Resource":"*"}`, true},
		{"a wildcard in the action", `{"Effect":"Allow","Action":["kms:*","s3:Get*"],"Resource":"*"}`, true},
		{"another action", `{"Effect":"Allow","Action":"s3:PutObject","Resource":"*"}`, false},
		{"a wildcard in the resource", `{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::drover-*-bundle-??????/*"}`, true},
		{"another resource", `{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::drover-dev-eu-bundle-4fe83d"}`, false},
		{"resources are compared with case", `{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::DROVER-*"}`, false},
		{"all actions but others", `{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}`, true},
		{"all actions but this", `{"Effect":"Allow","NotAction":["iam:*","s3:Get*"],"Resource":"*"}`, false},
		{"all resources but this", `{"Effect":"Allow","Action":"*","NotResource":"arn:aws:s3:::drover-*"}`, false},
		{"a variable", `{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::drover-${aws:Env}-eu-bundle-4fe83d/*"}`, true},
		{"a variable's default", `{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::${aws:Nothing, 'drover'}-dev-*"}`, true},
		{"a variable that is not known", `{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::*${aws:Nothing}"}`, false},
		{"a variable brings no wildcard", `{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::${aws:Star}"}`, false},
		{"a deny wins", `{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"s3:*","Resource":"*"}`, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			request := Request{Principal: machine, Action: "s3:GetObject", Resource: bundle,
				Context: Context{"aws:Env": {"dev"}, "aws:Star": {"*"}}}
			got := Decide(request, Policies{Identity: []*Document{document(t, c.statement)}})
			if got.Allowed != c.allowed {
				t.Errorf("allowed = %v (%s), want %v", got.Allowed, got.Reason, c.allowed)
			}
		})
	}
}

func TestConditionOperatorsDecideAsIAM(t *testing.T) {
	tags := Context{
		"aws:TagKeys": {"drover:bootstrap"}, "aws:ResourceTag/drover:env": {"dev"}, "s3:TlsVersion": {"1.3"},
		"aws:SecureTransport": {"true"}, "aws:PrincipalArn": {role}, "aws:SourceIp": {"10.20.1.5"},
	}
	for _, c := range []struct {
		condition string
		allowed   bool
	}{
		{`{"StringEquals":{"aws:ResourceTag/drover:env":["staging","dev"]}}`, true},
		{`{"StringEquals":{"AWS:resourcetag/drover:env":"dev"}}`, true},
		{`{"StringEquals":{"aws:ResourceTag/drover:env":"d*"}}`, false},
		{`{"StringLike":{"aws:ResourceTag/drover:env":"d*"}}`, true},
		{`{"StringEquals":{"aws:ResourceTag/drover:cluster":"shop"}}`, false},
		{`{"StringEqualsIfExists":{"aws:ResourceTag/drover:cluster":"shop"}}`, true},
		{`{"StringNotEquals":{"aws:ResourceTag/drover:env":"dev"}}`, false},
		{`{"StringNotEquals":{"aws:ResourceTag/drover:cluster":"shop"}}`, true},
		{`{"ForAllValues:StringEquals":{"aws:TagKeys":["drover:bootstrap"]}}`, true},
		{`{"ForAllValues:StringEquals":{"aws:TagKeys":["Name"]}}`, false},
		{`{"ForAllValues:StringEquals":{"aws:Nothing":["Name"]}}`, true},
		{`{"ForAnyValue:StringEquals":{"aws:TagKeys":["Name","drover:bootstrap"]}}`, true},
		{`{"ForAnyValue:StringEquals":{"aws:Nothing":["Name"]}}`, false},
		{`{"NumericLessThan":{"s3:TlsVersion":"1.2"}}`, false},
		{`{"NumericGreaterThanEquals":{"s3:TlsVersion":1.3}}`, true},
		{`{"Bool":{"aws:SecureTransport":true}}`, true},
		{`{"Bool":{"aws:SecureTransport":"false"}}`, false},
		{`{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/drover-*"}}`, true},
		{`{"ArnLike":{"aws:PrincipalArn":"arn:*/drover-dev-shop-workers"}}`, false},
		{`{"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::123456789012:role/other"}}`, false},
		{`{"Null":{"aws:Nothing":"true"}}`, true},
		{`{"Null":{"aws:PrincipalArn":"true"}}`, false},
		{`{"IpAddress":{"aws:SourceIp":"10.20.0.0/16"}}`, true},
		{`{"NotIpAddress":{"aws:SourceIp":"10.20.0.0/16"}}`, false},
		{`{"StringEquals":{"aws:ResourceTag/drover:env":"dev"},"Bool":{"aws:SecureTransport":"false"}}`, false},
	} {
		if got := grant(t, c.condition, tags); got.Allowed != c.allowed || len(got.Problems) > 0 {
			t.Errorf("%s: allowed = %v %v, want %v", c.condition, got.Allowed, got.Problems, c.allowed)
		}
	}
}

func TestEverySeveralTagKeysMustBeAllowed(t *testing.T) {
	got := grant(t, `{"ForAllValues:StringEquals":{"aws:TagKeys":["drover:bootstrap"]}}`,
		Context{"aws:TagKeys": {"drover:bootstrap", "Name"}})
	if got.Allowed {
		t.Error("a tag that is not listed was let through beside one that is")
	}
}

func TestAnUnknownOperatorDeniesAndSaysSo(t *testing.T) {
	got := grant(t, `{"DateLessThan":{"aws:CurrentTime":"2030-01-01T00:00:00Z"}}`, Context{})
	if got.Allowed || len(got.Problems) != 1 || !strings.Contains(got.Problems[0], `operator "DateLessThan" is not known`) {
		t.Errorf("got %+v", got)
	}
	d := document(t, `{"Effect":"Allow","Action":"*","Resource":"*"},
		{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"DateLessThan":{"aws:CurrentTime":"2030-01-01T00:00:00Z"}}}`)
	got = Decide(Request{Principal: machine, Action: "s3:GetObject", Resource: bundle}, Policies{Identity: []*Document{d}})
	if got.Allowed || len(got.Problems) != 1 {
		t.Errorf("a deny that can't be judged must deny: %+v", got)
	}
}

func TestAPolicyOfTheResourceAllowsOrRefusesByItself(t *testing.T) {
	public := document(t, `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"`+bundle+`"}`)
	request := Request{Action: "s3:GetObject", Resource: bundle}
	if got := Decide(request, Policies{Resource: public}); !got.Allowed {
		t.Errorf("anonymous: %+v", got)
	}
	account := document(t, `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:root"},"Action":"kms:*","Resource":"*"}`)
	request = Request{Principal: machine, Action: "kms:Decrypt", Resource: "arn:aws:kms:eu-west-1:123456789012:key/1"}
	if got := Decide(request, Policies{Resource: account, ResourceDecides: true}); got.Allowed {
		t.Error("a key's consent to the account alone must not be a grant")
	}
	own := document(t, `{"Effect":"Allow","Action":"kms:Decrypt","Resource":"*"}`)
	if got := Decide(request, Policies{Identity: []*Document{own}, Resource: account, ResourceDecides: true}); !got.Allowed {
		t.Errorf("consent and the role's policy: %+v", got)
	}
	other := document(t, `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::999999999999:root"},"Action":"kms:*","Resource":"*"}`)
	if got := Decide(request, Policies{Identity: []*Document{own}, Resource: other, ResourceDecides: true}); got.Allowed {
		t.Error("a key of another account must not be usable")
	}
}

func TestAnEndpointPolicyLimitsWhatTheRoleMayDo(t *testing.T) {
	own := document(t, `{"Effect":"Allow","Action":"s3:*","Resource":"*"}`)
	endpoint := document(t, `{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*",
		"Condition":{"StringEquals":{"aws:PrincipalAccount":"123456789012"}}}`)
	request := Request{Principal: machine, Action: "s3:GetObject", Resource: bundle}
	got := Decide(request, Policies{Identity: []*Document{own}, Endpoint: endpoint})
	if got.Allowed || !strings.Contains(got.Reason, "VPC endpoint policy") {
		t.Errorf("got %+v", got)
	}
	request.Context = Context{"aws:PrincipalAccount": {"123456789012"}}
	if got := Decide(request, Policies{Identity: []*Document{own}, Endpoint: endpoint}); !got.Allowed {
		t.Errorf("got %+v", got)
	}
}

func TestBrokenPoliciesAreRefused(t *testing.T) {
	for text, want := range map[string]string{
		`{"Version":"2008-10-17","Statement":[]}`:                                                                        "version",
		`{"Version":"2012-10-17","Statement":{"Effect":"Maybe","Action":"*","Resource":"*"}}`:                            "effect",
		`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Resource":"*"}}`:                                         "NotAction",
		`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Sometimes":1}}`:              "Sometimes",
		`{"Version":"2012-10-17","Statement":{"Effect":"Allow","NotPrincipal":{"AWS":"*"},"Action":"*","Resource":"*"}}`: "NotPrincipal",
	} {
		if _, err := Parse("test", text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}
