package policy

import (
	"net/netip"
	"strconv"
	"strings"
)

// Context is what is known of a request, by condition key ("aws:ResourceTag/drover:env"). Keys are compared without
// regard to case.
type Context map[string][]string

func (c Context) values(key string) []string {
	if values, known := c[key]; known {
		return values
	}
	for name, values := range c {
		if strings.EqualFold(name, key) {
			return values
		}
	}
	return nil
}

// comparison is one operator on one value of the request and one of the policy.
type comparison func(wanted pattern, value string) bool

var comparisons = map[string]comparison{
	"StringEquals":             func(wanted pattern, value string) bool { return wanted.text() == value },
	"StringEqualsIgnoreCase":   func(wanted pattern, value string) bool { return strings.EqualFold(wanted.text(), value) },
	"StringLike":               pattern.matches,
	"ArnEquals":                pattern.matchesARN,
	"ArnLike":                  pattern.matchesARN,
	"Bool":                     func(wanted pattern, value string) bool { return strings.EqualFold(wanted.text(), value) },
	"NumericEquals":            numeric(func(value, wanted float64) bool { return value == wanted }),
	"NumericLessThan":          numeric(func(value, wanted float64) bool { return value < wanted }),
	"NumericLessThanEquals":    numeric(func(value, wanted float64) bool { return value <= wanted }),
	"NumericGreaterThan":       numeric(func(value, wanted float64) bool { return value > wanted }),
	"NumericGreaterThanEquals": numeric(func(value, wanted float64) bool { return value >= wanted }),
	"IpAddress":                inRange,
}

// opposites are true when none of the policy's values is met, and when the request does not know the key.
var opposites = map[string]string{
	"StringNotEquals":           "StringEquals",
	"StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
	"StringNotLike":             "StringLike",
	"ArnNotEquals":              "ArnEquals",
	"ArnNotLike":                "ArnLike",
	"NumericNotEquals":          "NumericEquals",
	"NotIpAddress":              "IpAddress",
}

func numeric(holds func(value, wanted float64) bool) comparison {
	return func(wanted pattern, value string) bool {
		left, leftErr := strconv.ParseFloat(value, 64)
		right, rightErr := strconv.ParseFloat(wanted.text(), 64)
		return leftErr == nil && rightErr == nil && holds(left, right)
	}
}

func inRange(wanted pattern, value string) bool {
	text := wanted.text()
	address, err := netip.ParseAddr(value)
	if err != nil {
		return false
	}
	if single, err := netip.ParseAddr(text); err == nil {
		return single == address
	}
	network, err := netip.ParsePrefix(text)
	return err == nil && network.Contains(address)
}

// operator is the name of a condition operator, taken apart.
type operator struct {
	compare  comparison
	negated  bool
	isNull   bool
	ifExists bool
	// forAll and forAny say how several values of the request count.
	forAll, forAny bool
}

// parseOperator answers false for an operator that is not known here.
func parseOperator(name string) (operator, bool) {
	var out operator
	if rest, found := strings.CutPrefix(name, "ForAllValues:"); found {
		out.forAll, name = true, rest
	} else if rest, found := strings.CutPrefix(name, "ForAnyValue:"); found {
		out.forAny, name = true, rest
	}
	name, out.ifExists = strings.CutSuffix(name, "IfExists")
	if name == "Null" {
		out.isNull = true
		return out, !out.forAll && !out.forAny && !out.ifExists
	}
	if opposite, found := opposites[name]; found {
		out.negated, name = true, opposite
	}
	out.compare = comparisons[name]
	return out, out.compare != nil
}

// holds tells whether one line of a condition is true for the request.
func (o operator) holds(key string, wanted []pattern, context Context) bool {
	values := context.values(key)
	if o.isNull {
		absent := strconv.FormatBool(len(values) == 0)
		return meetsAny(wanted, absent, comparisons["Bool"])
	}
	if len(values) == 0 {
		return o.ifExists || o.forAll || o.negated && !o.forAny
	}
	for _, value := range values {
		met := meetsAny(wanted, value, o.compare) != o.negated
		if met && !o.forAll {
			return true
		}
		if !met && o.forAll {
			return false
		}
	}
	return o.forAll
}

func meetsAny(wanted []pattern, value string, compare comparison) bool {
	for _, one := range wanted {
		if compare(one, value) {
			return true
		}
	}
	return false
}
