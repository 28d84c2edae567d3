package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"sort"
	"strconv"
	"strings"
)

// policyStatement has the members in the order in which IAM's documents show them.
type policyStatement struct {
	Sid          string                    `json:",omitempty"`
	Effect       string                    `json:",omitempty"`
	Action       any                       `json:",omitempty"`
	NotAction    any                       `json:",omitempty"`
	Resource     any                       `json:",omitempty"`
	NotResource  any                       `json:",omitempty"`
	Principal    any                       `json:",omitempty"`
	NotPrincipal any                       `json:",omitempty"`
	Condition    map[string]map[string]any `json:",omitempty"`
}

type policyDocument struct {
	Version   string            `json:",omitempty"`
	ID        string            `json:"Id,omitempty"`
	Statement []json.RawMessage `json:",omitempty"`
}

// readPolicyDocument renders the document as the real data source does; it calls nothing.
func readPolicyDocument(r *reading) error {
	document := policyDocument{Version: "2012-10-17", ID: displayed(r.config["policy_id"])}
	if version := displayed(r.config["version"]); version != "" {
		document.Version = version
	}
	if err := document.merge(r.config["source_policy_documents"], false); err != nil {
		return fmt.Errorf("source_policy_documents: %w", err)
	}
	statements, _ := r.config["statement"].([]any)
	for _, statement := range statements {
		raw, err := json.Marshal(renderStatement(statement))
		if err != nil {
			return err
		}
		document.add(raw, true)
	}
	if err := document.merge(r.config["override_policy_documents"], true); err != nil {
		return fmt.Errorf("override_policy_documents: %w", err)
	}
	minified, err := json.Marshal(document)
	if err != nil {
		return err
	}
	var indented bytes.Buffer
	if err := json.Indent(&indented, minified, "", "  "); err != nil {
		return err
	}
	r.chosen["json"], r.chosen["minified_json"] = indented.String(), string(minified)
	var id uint64
	_, _ = fmt.Sscanf(longHash(string(minified))[:8], "%x", &id)
	r.chosen["id"] = strconv.FormatUint(id, 10)
	return nil
}

// merge adds the statements of whole documents.
func (d *policyDocument) merge(documents any, override bool) error {
	list, _ := documents.([]any)
	for _, text := range list {
		if displayed(text) == "" {
			continue
		}
		var other policyDocument
		if err := json.Unmarshal([]byte(displayed(text)), &other); err != nil {
			return fmt.Errorf("%q is not a policy document: %w", displayed(text), err)
		}
		for _, statement := range other.Statement {
			d.add(statement, override)
		}
	}
	return nil
}

// add appends a statement; one with the Sid of an earlier one takes its place.
func (d *policyDocument) add(raw json.RawMessage, override bool) {
	sid := sidOf(raw)
	for i, earlier := range d.Statement {
		if override && sid != "" && sidOf(earlier) == sid {
			d.Statement[i] = raw
			return
		}
	}
	d.Statement = append(d.Statement, raw)
}

func sidOf(raw json.RawMessage) string {
	var head struct{ Sid string }
	if json.Unmarshal(raw, &head) != nil {
		return ""
	}
	return head.Sid
}

func renderStatement(source any) policyStatement {
	out := policyStatement{
		Sid: displayed(jsonAt(source, "sid")), Effect: displayed(jsonAt(source, "effect")),
		Action: oneOrMany(jsonAt(source, "actions")), NotAction: oneOrMany(jsonAt(source, "not_actions")),
		Resource: oneOrMany(jsonAt(source, "resources")), NotResource: oneOrMany(jsonAt(source, "not_resources")),
		Principal: renderPrincipals(jsonAt(source, "principals")), NotPrincipal: renderPrincipals(jsonAt(source, "not_principals")),
	}
	if out.Effect == "" {
		out.Effect = "Allow"
	}
	conditions, _ := jsonAt(source, "condition").([]any)
	for _, condition := range conditions {
		test, variable := displayed(jsonAt(condition, "test")), displayed(jsonAt(condition, "variable"))
		if out.Condition == nil {
			out.Condition = map[string]map[string]any{}
		}
		if out.Condition[test] == nil {
			out.Condition[test] = map[string]any{}
		}
		values := texts(jsonAt(condition, "values"))
		earlier, _ := out.Condition[test][variable].([]string)
		values = append(earlier, values...)
		out.Condition[test][variable] = values
	}
	for _, variables := range out.Condition {
		for variable, values := range variables {
			if list, ok := values.([]string); ok && len(list) == 1 {
				variables[variable] = list[0]
			}
		}
	}
	return out
}

// renderPrincipals groups identifiers by type; everybody is the single "*".
func renderPrincipals(source any) any {
	list, _ := source.([]any)
	grouped := map[string][]string{}
	for _, principal := range list {
		kind := displayed(jsonAt(principal, "type"))
		grouped[kind] = append(grouped[kind], texts(jsonAt(principal, "identifiers"))...)
	}
	if len(grouped) == 0 {
		return nil
	}
	if everybody := grouped["*"]; len(grouped) == 1 && len(everybody) == 1 && everybody[0] == "*" {
		return "*"
	}
	out := map[string]any{}
	for kind, identifiers := range grouped {
		sort.Strings(identifiers)
		out[kind] = shortened(identifiers)
	}
	return out
}

// texts are a list's strings; "&{" is how a document writes IAM's own "${".
func texts(source any) []string {
	list, _ := source.([]any)
	var out []string
	for _, value := range list {
		out = append(out, strings.ReplaceAll(displayed(value), "&{", "${"))
	}
	return out
}

// oneOrMany renders a set as IAM's documents do: in descending order, a single member without a list.
func oneOrMany(source any) any {
	values := texts(source)
	if len(values) == 0 {
		return nil
	}
	sort.Sort(sort.Reverse(sort.StringSlice(values)))
	return shortened(values)
}

func shortened(values []string) any {
	if len(values) == 1 {
		return values[0]
	}
	return values
}
