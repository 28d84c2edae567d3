package vault

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// rule is what a policy lets somebody do at a path.
type rule struct {
	path         string
	capabilities []string
}

var (
	comment = regexp.MustCompile(`(?m)^\s*#.*$`)
	block   = regexp.MustCompile(`^\s*path\s+"([^"]+)"\s*\{\s*capabilities\s*=\s*\[([^\]]*)\]\s*\}`)
	word    = regexp.MustCompile(`^\s*"(create|read|update|patch|delete|list|sudo|deny)"\s*$`)
)

// parsePolicy reads the blocks of a policy that name capabilities. Anything else in it is refused, rather than taken for
// nothing. https://developer.hashicorp.com/vault/docs/concepts/policies
func parsePolicy(text string) ([]rule, error) {
	var out []rule
	rest := comment.ReplaceAllString(text, "")
	for strings.TrimSpace(rest) != "" {
		found := block.FindStringSubmatchIndex(rest)
		if found == nil {
			return nil, fmt.Errorf("%q in a policy is not understood", strings.TrimSpace(rest))
		}
		one := rule{path: rest[found[2]:found[3]]}
		for _, each := range strings.Split(rest[found[4]:found[5]], ",") {
			if strings.TrimSpace(each) == "" {
				continue
			}
			capability := word.FindStringSubmatch(each)
			if capability == nil {
				return nil, fmt.Errorf("capability %s of %q is unknown", strings.TrimSpace(each), one.path)
			}
			one.capabilities = append(one.capabilities, capability[1])
		}
		out, rest = append(out, one), rest[found[1]:]
	}
	return out, nil
}

// matches a path as Vault does: + stands for one part, * at the end for whatever follows.
func (r rule) matches(path string) bool {
	pattern, isPrefix := strings.CutSuffix(r.path, "*")
	wanted, parts := strings.Split(pattern, "/"), strings.Split(path, "/")
	for index, each := range wanted {
		if index >= len(parts) {
			return false
		}
		isLast := index == len(wanted)-1
		if each == "+" || each == parts[index] || isLast && isPrefix && strings.HasPrefix(parts[index], each) {
			continue
		}
		return false
	}
	return len(parts) == len(wanted) || isPrefix
}

// allows says whether rules grant a capability at a path; a rule that denies wins.
func allows(rules []rule, path, capability string) bool {
	granted := false
	for _, one := range rules {
		if !one.matches(path) {
			continue
		}
		if slices.Contains(one.capabilities, "deny") {
			return false
		}
		granted = granted || slices.Contains(one.capabilities, capability)
	}
	return granted
}
