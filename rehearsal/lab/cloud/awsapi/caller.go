package awsapi

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"drover/rehearsal/lab/cloud/estate"
	"drover/rehearsal/lab/cloud/policy"
	"drover/rehearsal/lab/world"
)

// Caller is who signed a request.
type Caller struct {
	// Instance is the identifier of the machine that the credentials were made for.
	Instance  string
	principal policy.Principal
	policies  []*policy.Document
	context   policy.Context
}

// name is how AWS's messages call the caller.
func (c *Caller) name() string {
	if c.principal.Session == "" {
		return "anonymous"
	}
	return c.principal.Session
}

// authenticate finds out who signed a request; a nil caller of an unsigned one is for the service to judge.
func (a *API) authenticate(c *call) (*Caller, *fault) {
	r := c.request
	if r.Header.Get("Authorization") == "" {
		return nil, nil
	}
	signed, err := parseSignature(r)
	if err != nil {
		return nil, c.badSignature(err.Error())
	}
	if signed.region != c.region || signed.service != c.service {
		return nil, c.badSignature(fmt.Sprintf("signed for %s in %s, sent to %s in %s",
			signed.service, signed.region, c.service, c.region))
	}
	session, credentials, err := a.Sealer.Session(r.Header.Get(tokenHeader))
	if err != nil {
		return nil, c.unknownToken(err.Error())
	}
	if credentials.AccessKeyID != signed.accessKey {
		return nil, c.unknownToken("the access key belongs to another token")
	}
	now := time.Now()
	if signed.signed.Before(now.Add(-greatestSkew)) || signed.signed.After(now.Add(greatestSkew)) {
		return nil, c.clockOff(signed.signed, now)
	}
	payload, problem := c.payloadHash()
	if problem != nil {
		return nil, problem
	}
	if err := signed.verify(r, credentials.SecretAccessKey, payload); err != nil {
		return nil, c.badSignature(err.Error())
	}
	if now.After(session.Expires) {
		return nil, c.expiredToken(session.Expires)
	}
	caller, err := a.identify(session.Role, session.Instance)
	if err != nil {
		return nil, c.internal(err)
	}
	if caller == nil {
		return nil, c.unknownToken(fmt.Sprintf("role %q is not there any more", session.Role))
	}
	return caller, nil
}

// payloadHash is the checksum of the body that the signature covers.
func (c *call) payloadHash() (string, *fault) {
	actual := hash(c.body)
	declared := c.request.Header.Get(contentHeader)
	switch {
	case declared == "" && c.service == s3Service:
		return "", refusal(http.StatusBadRequest, "InvalidRequest", "Missing required header for this request: x-amz-content-sha256")
	case declared == "":
		return actual, nil
	case declared == unsignedPayload && c.service == s3Service:
		return declared, nil
	case declared != actual && c.service == s3Service:
		return "", refusal(http.StatusBadRequest, "XAmzContentSHA256Mismatch",
			"The provided 'x-amz-content-sha256' header does not match what was computed.")
	case declared != actual:
		return "", c.badSignature("the declared checksum of the body is not the body's")
	}
	return actual, nil
}

// identify gathers what the role of a machine's session may do; nil if the role is not in the world.
func (a *API) identify(roleName, instance string) (*Caller, error) {
	role, err := a.Estate.World.Find("aws_iam_role", roleName)
	if err != nil || role == nil {
		return nil, err
	}
	documents, problems, err := a.Estate.RolePolicies(role.ID)
	if err != nil {
		return nil, err
	}
	for _, problem := range problems {
		a.Log.Error("policy not understood: it grants nothing", "role", role.ID, "problem", problem)
	}
	arn := world.Text(role, "arn")
	account := estate.Account(arn)
	sts := strings.Replace(strings.SplitN(arn, "::", 2)[0], ":iam", ":sts", 1)
	out := &Caller{
		Instance: instance, policies: documents,
		principal: policy.Principal{
			Account: account, Role: arn, Session: fmt.Sprintf("%s::%s:assumed-role/%s/%s", sts, account, role.ID, instance),
		},
		context: policy.Context{
			"aws:PrincipalAccount": {account}, "aws:PrincipalArn": {arn}, "aws:PrincipalType": {"AssumedRole"},
			"aws:userid": {world.Text(role, "unique_id") + ":" + instance},
		},
	}
	for name, value := range world.Texts(role, "tags_all") {
		out.context["aws:PrincipalTag/"+name] = []string{value}
	}
	return out, nil
}
