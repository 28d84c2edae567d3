// Package policy decides as IAM does whether a call is granted.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
package policy

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// the only version of the language with variables, and the one that is read here.
const language = "2012-10-17"

const (
	allow = "Allow"
	deny  = "Deny"
)

// Document is one policy.
type Document struct {
	// Source says where the policy comes from, for the log.
	Source     string
	statements []statement
}

type statement struct {
	Sid          string                      `json:"Sid"`
	Effect       string                      `json:"Effect"`
	Principal    *principals                 `json:"Principal"`
	Action       texts                       `json:"Action"`
	NotAction    texts                       `json:"NotAction"`
	Resource     texts                       `json:"Resource"`
	NotResource  texts                       `json:"NotResource"`
	Condition    map[string]map[string]texts `json:"Condition"`
	NotPrincipal json.RawMessage             `json:"NotPrincipal"`
}

// texts is a text or a list of texts.
type texts []string

// UnmarshalJSON takes booleans and numbers as well: policies write conditions with and without quotes.
func (t *texts) UnmarshalJSON(raw []byte) error {
	var list []json.RawMessage
	if err := json.Unmarshal(raw, &list); err != nil {
		list = []json.RawMessage{raw}
	}
	for _, item := range list {
		var text string
		if err := json.Unmarshal(item, &text); err == nil {
			*t = append(*t, text)
			continue
		}
		var scalar any
		decoder := json.NewDecoder(bytes.NewReader(item))
		decoder.UseNumber()
		if err := decoder.Decode(&scalar); err != nil {
			return err
		}
		switch scalar.(type) {
		case bool, json.Number:
			*t = append(*t, fmt.Sprint(scalar))
		default:
			return fmt.Errorf("%s is neither a text nor a list of texts", item)
		}
	}
	return nil
}

// principals are those whom a policy of a resource names.
type principals struct {
	everybody bool
	aws       texts
	// others are services and federations: never a machine.
}

// UnmarshalJSON reads "*" or an object of kinds.
func (p *principals) UnmarshalJSON(raw []byte) error {
	var all string
	if json.Unmarshal(raw, &all) == nil {
		if all != "*" {
			return fmt.Errorf("principal %q must be \"*\" or an object", all)
		}
		p.everybody = true
		return nil
	}
	var kinds map[string]texts
	if err := json.Unmarshal(raw, &kinds); err != nil {
		return err
	}
	p.aws = kinds["AWS"]
	for _, name := range p.aws {
		p.everybody = p.everybody || name == "*"
	}
	return nil
}

// Parse reads a policy; source says where it comes from.
func Parse(source, text string) (*Document, error) {
	var whole struct {
		Version   string          `json:"Version"`
		Statement json.RawMessage `json:"Statement"`
	}
	if err := json.Unmarshal([]byte(text), &whole); err != nil {
		return nil, fmt.Errorf("policy %q: %w", source, err)
	}
	if whole.Version != language {
		return nil, fmt.Errorf("policy %q has version %q, must be %q", source, whole.Version, language)
	}
	out := &Document{Source: source}
	if bytes.HasPrefix(bytes.TrimSpace(whole.Statement), []byte("{")) {
		whole.Statement = append(append([]byte("["), whole.Statement...), ']')
	}
	decoder := json.NewDecoder(bytes.NewReader(whole.Statement))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&out.statements); err != nil {
		return nil, fmt.Errorf("policy %q: %w", source, err)
	}
	for index, s := range out.statements {
		if err := s.check(); err != nil {
			return nil, fmt.Errorf("policy %q, statement %d: %w", source, index, err)
		}
	}
	return out, nil
}

func (s *statement) check() error {
	if s.Effect != allow && s.Effect != deny {
		return fmt.Errorf("effect %q must be %q or %q", s.Effect, allow, deny)
	}
	if (len(s.Action) == 0) == (len(s.NotAction) == 0) {
		return fmt.Errorf("exactly one of \"Action\" and \"NotAction\" must be set")
	}
	if (len(s.Resource) == 0) == (len(s.NotResource) == 0) {
		return fmt.Errorf("exactly one of \"Resource\" and \"NotResource\" must be set")
	}
	if s.NotPrincipal != nil {
		return fmt.Errorf("\"NotPrincipal\" is not known here")
	}
	return nil
}
