package main

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"
)

var providers = []string{"aws", "azurerm", "helm", "kubernetes", "rancher2", "random", "vault"}

func TestEveryMovingAttributeOfTheFactsHasARule(t *testing.T) {
	r, err := loadRules()
	must(t, err)
	for _, provider := range providers {
		facts, err := loadBehaviour(provider)
		must(t, err)
		for kind, fact := range facts.Types {
			for _, attribute := range fact.Bump {
				_, moves := r.Bumps[kind][attribute]
				if reason := r.NoBump[kind+"."+attribute]; moves == (reason != "") {
					t.Errorf("%s.%s: expected a rule in bumps or a reason in noBump, and not both", kind, attribute)
				}
			}
		}
	}
}

func TestEveryTypeOfTheFactsHasAnIdentifierOfItsOwnForm(t *testing.T) {
	r, err := loadRules()
	must(t, err)
	for _, provider := range []string{"aws", "azurerm", "vault"} {
		facts, err := loadBehaviour(provider)
		must(t, err)
		for kind := range facts.Types {
			if _, ok := pick(r.IDs, kind); !ok {
				t.Errorf("%s has no template in ids", kind)
			}
		}
	}
}

func TestRulesNameOnlyTypesThatAreKnown(t *testing.T) {
	r, err := loadRules()
	must(t, err)
	known := map[string]bool{}
	for _, provider := range providers {
		facts, err := loadBehaviour(provider)
		must(t, err)
		for kind := range facts.Types {
			known[kind] = true
		}
	}
	for kind := range r.Keys {
		expectKnown(t, known, "keys", kind)
	}
	for kind := range r.Unique {
		expectKnown(t, known, "unique", kind)
	}
	for kind := range r.Holds {
		expectKnown(t, known, "holds", kind)
	}
	for kind := range r.Bumps {
		expectKnown(t, known, "bumps", kind)
	}
	for kind := range r.SilentMoves {
		expectKnown(t, known, "silentMoves", kind)
	}
	for path, target := range r.PathReferences {
		expectKnown(t, known, "pathReferences", path[:strings.Index(path, ".")])
		expectKnown(t, known, "pathReferences", strings.Split(target, ".")[0])
	}
	for path, rule := range r.Texts {
		expectKnown(t, known, "texts", path[:strings.Index(path, ".")])
		if rule.Source == "" {
			t.Errorf("texts: %s has no source", path)
		}
		if _, err := regexp.Compile(rule.Pattern); err != nil {
			t.Errorf("texts: %s: %v", path, err)
		}
	}
	for kind := range derivations {
		expectKnown(t, known, "derivations", kind)
	}
}

func expectKnown(t *testing.T, known map[string]bool, table, kind string) {
	t.Helper()
	if !known[kind] {
		t.Errorf("%s: there are no facts about %q", table, kind)
	}
}

func TestUnlistedTypesHaveAReasonAndNoFactsOfTheirOwn(t *testing.T) {
	raw, err := os.ReadFile("unlisted.json")
	must(t, err)
	var unlisted map[string]string
	must(t, json.Unmarshal(raw, &unlisted))
	for kind, reason := range unlisted {
		provider, _, _ := strings.Cut(kind, "_")
		raw, err := behaviourFiles.ReadFile("behaviour/" + provider + ".json")
		must(t, err)
		var facts behaviourDocument
		must(t, decodeJSON(raw, &facts))
		if facts.Types[kind] != nil {
			t.Errorf("%s has facts by now", kind)
		}
		if len(reason) < 20 {
			t.Errorf("%s: %q is no reason", kind, reason)
		}
	}
}

func TestTheMostSpecificRuleWins(t *testing.T) {
	table := map[string]string{"aws_*": "a", "aws_iam_*": "b", "aws_iam_role": "c"}
	for kind, want := range map[string]string{"aws_iam_role": "c", "aws_iam_user": "b", "aws_vpc": "a", "helm_release": ""} {
		got, ok := pick(table, kind)
		equal(t, kind, got, want)
		equal(t, kind, ok, want != "")
	}
}

func TestTemplates(t *testing.T) {
	r, err := loadRules()
	must(t, err)
	f := &filler{rules: r, kind: "aws_lb_target_group", seed: "s", region: "us-east-1", top: j{"name": "api", "list": []any{j{"a": json.Number("7")}}}}
	for template, want := range map[string]string{
		"{name}-{region}-{azid}":        "api-us-east-1-use1",
		"{kind} {service}":              "lb_target_group lb",
		"{attr:list.0.a}":               "7",
		"{attr:none|else {attr:name}}":  "else api",
		`{"Version":"1","A":{"b":"c"}}`: `{"Version":"1","A":{"b":"c"}}`,
		"open {name":                    "open {name",
	} {
		equal(t, template, f.expand(template, "salt"), want)
	}
	for template, form := range map[string]string{"{h17}": "^[0-9a-f]{17}$", "{h100}": "^[0-9a-f]{100}$", "{digits12}": `^\d{12}$`, "{b0}": `^\d{1,3}$`,
		"{uuid}": "^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$"} {
		if got := f.expand(template, "salt"); !regexp.MustCompile(form).MatchString(got) {
			t.Errorf("%s: %q does not match %s", template, got, form)
		}
	}
}
