package main

import (
	"embed"
	"fmt"
	"maps"
	"regexp"
	"strings"
)

//go:embed rules.json rules-azurerm.json rules-vault.json
var embeddedRules embed.FS

// rules say what the simulated clouds make up and hold on to. A key of a table keyed by type may end in "*"; the most
// specific one wins. Templates are those of filler.expand.
type rules struct {
	// Account is the AWS account's number.
	Account string `json:"account"`
	// Region is used where the provider is configured without one.
	Region string `json:"region"`
	// Subscription is Azure's, used where the provider is configured without one.
	Subscription string `json:"subscription"`
	// IDs are templates of identifiers.
	IDs map[string]string `json:"ids"`
	// Keys are templates of the world's key of a type whose identifier is not unique.
	Keys map[string]string `json:"keys"`
	// ARNs are templates.
	ARNs map[string]string `json:"arns"`
	// Attributes holds, for a type or "*", the value of computed attributes.
	Attributes map[string]map[string]any `json:"attributes"`
	// Blocks are those that the cloud fills when they are left out.
	Blocks map[string]map[string]any `json:"blocks"`
	// References: an argument that matches the expression names an object of the type, which must exist.
	References map[string]string `json:"references"`
	// PathReferences: the argument ("type.path") names an object of a type.
	PathReferences map[string]string `json:"pathReferences"`
	// Holds: an object of the type can't be deleted while another ("*" or "type.path") names it.
	Holds map[string][]string `json:"holds"`
	// Unique lists, for a type, arguments whose values together can be taken only once.
	Unique map[string][][]string `json:"unique"`
	// Scopes are the provider arguments inside which names are unique.
	Scopes map[string][]string `json:"scopes"`
	// Global types exist once for all regions.
	Global []string `json:"global"`
	// Upserts are the types whose create writes over what is there.
	Upserts []string `json:"upserts"`
	// Bumps say which change makes a computed attribute unknown again.
	Bumps map[string]map[string]bump `json:"bumps"`
	// SilentMoves say which change makes a computed attribute another one though the plan has kept it.
	SilentMoves map[string]map[string]bump `json:"silentMoves"`
	// NoBump names attributes ("type.attribute") that the facts call bumped and that stay, with the reason.
	NoBump map[string]string `json:"noBump"`
	// Checks are made of several arguments at plan time.
	Checks []check `json:"checks"`
	// Texts limit single arguments ("type.path").
	Texts map[string]textRule `json:"texts"`
	// AnyCase are closed sets ("type.path") that compare without letter case.
	AnyCase []string `json:"anyCase"`
	// MustExist are the data sources that fail when nothing matches.
	MustExist map[string]string `json:"mustExist"`

	references map[string]*regexp.Regexp
}

// bump makes an attribute unknown when one of On (or anything but Except) really changes, and If holds.
type bump struct {
	On     []string         `json:"on"`
	Except []string         `json:"except"`
	If     map[string][]any `json:"if"`
}

// check refuses arguments: where every argument of If has one of the values, Require must and Forbid must not be set.
type check struct {
	Type    string           `json:"type"`
	If      map[string][]any `json:"if"`
	Require []string         `json:"require"`
	Forbid  []string         `json:"forbid"`
}

// textRule limits a text argument. Lengths are in characters; Bytes is the size after Base64 decoding where Base64 is set.
type textRule struct {
	Min     int    `json:"min"`
	Max     int    `json:"max"`
	Pattern string `json:"pattern"`
	Bytes   int    `json:"bytes"`
	Base64  bool   `json:"base64"`
	Source  string `json:"source"`
}

func loadRules() (*rules, error) {
	out := &rules{references: map[string]*regexp.Regexp{}}
	for _, file := range []string{"rules.json", "rules-azurerm.json", "rules-vault.json"} {
		raw, err := embeddedRules.ReadFile(file)
		part := &rules{}
		if err == nil {
			err = decodeJSON(raw, part)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		out.add(part)
	}
	for expression := range out.References {
		compiled, err := regexp.Compile(expression)
		if err != nil {
			return nil, fmt.Errorf("rules: reference %q: %w", expression, err)
		}
		out.references[expression] = compiled
	}
	return out, nil
}

// add takes over another file's rules; no two files speak of the same type.
func (r *rules) add(part *rules) {
	r.Account, r.Region = r.Account+part.Account, r.Region+part.Region
	r.Subscription += part.Subscription
	r.Global, r.AnyCase = append(r.Global, part.Global...), append(r.AnyCase, part.AnyCase...)
	r.Upserts = append(r.Upserts, part.Upserts...)
	r.Checks = append(r.Checks, part.Checks...)
	addAll(&r.IDs, part.IDs)
	addAll(&r.Keys, part.Keys)
	addAll(&r.ARNs, part.ARNs)
	addAll(&r.Attributes, part.Attributes)
	addAll(&r.Blocks, part.Blocks)
	addAll(&r.References, part.References)
	addAll(&r.PathReferences, part.PathReferences)
	addAll(&r.Holds, part.Holds)
	addAll(&r.Unique, part.Unique)
	addAll(&r.Scopes, part.Scopes)
	addAll(&r.Bumps, part.Bumps)
	addAll(&r.SilentMoves, part.SilentMoves)
	addAll(&r.NoBump, part.NoBump)
	addAll(&r.Texts, part.Texts)
	addAll(&r.MustExist, part.MustExist)
}

func addAll[V any](to *map[string]V, from map[string]V) {
	if *to == nil {
		*to = map[string]V{}
	}
	maps.Copy(*to, from)
}

// pick finds the entry of a type: the exact one, else the longest matching prefix.
func pick[T any](table map[string]T, kind string) (T, bool) {
	if value, ok := table[kind]; ok {
		return value, true
	}
	best, found := "", false
	for key := range table {
		if matchesType(key, kind) && len(key) > len(best) {
			best, found = key, true
		}
	}
	return table[best], found
}

// matchesType says that a type is named by a pattern that may end in "*".
func matchesType(pattern, kind string) bool {
	prefix, open := strings.CutSuffix(pattern, "*")
	if open {
		return strings.HasPrefix(kind, prefix)
	}
	return pattern == kind
}

func (r *rules) idTemplate(kind string) string {
	template, ok := pick(r.IDs, kind)
	if !ok {
		return "{kind}-{h12}"
	}
	if template == "{arn}" {
		return r.arnTemplate(kind)
	}
	return template
}

func (r *rules) arnTemplate(kind string) string {
	template, ok := pick(r.ARNs, kind)
	if !ok {
		return "arn:aws:{service}:{region}:{account}:{kind}/{id}"
	}
	return template
}

func (r *rules) isGlobal(kind string) bool {
	for _, pattern := range r.Global {
		if matchesType(pattern, kind) {
			return true
		}
	}
	return false
}
