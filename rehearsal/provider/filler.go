package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// filler gives one object its values. All of them follow from the seed, so that equal arguments in an equal world
// give equal values.
type filler struct {
	rules  *rules
	kind   string
	seed   string
	region string
	scope  string
	// top holds the object's attributes that are known so far.
	top map[string]any
	// isData marks a data source: rules of "data.<type>" come first.
	isData bool
	// chosen holds values that the type's own code has decided ("path" -> value).
	chosen map[string]any
	depth  int
}

// seedOf makes the seed of the n-th object with these arguments.
func seedOf(kind, scope string, arguments map[string]any, n int) string {
	raw, _ := json.Marshal(arguments)
	return fmt.Sprintf("%s|%s|%s|%d", kind, scope, raw, n)
}

func (f *filler) hash(salt string) string {
	sum := sha256.Sum256([]byte(f.seed + "|" + salt))
	return hex.EncodeToString(sum[:])
}

// deepest nesting of templates that name each other (an id in an arn in an id).
const maxTemplateDepth = 4

// expand fills a template: {h12} hex digits, {digits9}, {b0} a byte from 1 to 250, {uuid}, {region}, {azid} the zone
// prefix, {account}, {kind} the type without its provider, {service} its second word, {name}, {id}, {arn}, {scope}, and
// {attr:path|otherwise} another attribute. Values made of the hash differ by salt.
func (f *filler) expand(template, salt string) string {
	if f.depth > maxTemplateDepth {
		return template
	}
	f.depth++
	defer func() { f.depth-- }()
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(template, "{")
		out.WriteString(before)
		if !found {
			return out.String()
		}
		end := closingBrace(rest)
		if end < 0 {
			return out.String() + "{" + rest
		}
		expression, otherwise, _ := strings.Cut(rest[:end], "|")
		value, known := f.variable(expression, salt)
		if !known { // not a variable: the text of a document
			out.WriteByte('{')
			template = rest
			continue
		}
		if value == "" && otherwise != "" {
			value = f.expand(otherwise, salt)
		}
		out.WriteString(value)
		template = rest[end+1:]
	}
}

// closingBrace is the index of the brace that ends a variable, or -1.
func closingBrace(text string) int {
	open := 0
	for i, c := range text {
		switch c {
		case '{':
			open++
		case '}':
			if open == 0 {
				return i
			}
			open--
		}
	}
	return -1
}

var templateVariable = regexp.MustCompile(`^([a-z]+)(\d*)(?::([A-Za-z0-9_.]+))?$`)

func (f *filler) variable(expression, salt string) (value string, known bool) {
	parts := templateVariable.FindStringSubmatch(expression)
	if parts == nil {
		return "", false
	}
	size, _ := strconv.Atoi(parts[2])
	digest := f.hash(salt)
	switch parts[1] {
	case "h":
		return (digest + f.hash(salt+"+"))[:min(size, 128)], true
	case "digits":
		return decimalDigits(digest, size), true
	case "b":
		number, _ := strconv.ParseUint(digest[2*size:2*size+2], 16, 8)
		return strconv.Itoa(int(number%250) + 1), true
	case "uuid":
		return digest[:8] + "-" + digest[8:12] + "-4" + digest[13:16] + "-a" + digest[17:20] + "-" + digest[20:32], true
	case "region":
		return f.region, true
	case "azid":
		return zonePrefix(f.region), true
	case "account":
		return f.rules.Account, true
	case "scope":
		return strings.TrimSuffix(f.scope, "/"), true
	case "kind":
		_, rest, _ := strings.Cut(f.kind, "_")
		return rest, true
	case "service":
		return strings.SplitN(f.kind+"__", "_", 3)[1], true
	case "name":
		return f.name(), true
	case "id":
		return f.identity("id", f.id), true
	case "arn":
		return f.identity("arn", f.arn), true
	case "attr":
		return displayed(jsonAt(f.top, parts[3])), true
	}
	return "", false
}

// displayed is a value inside a text; "" for null.
func displayed(value any) string {
	if value == nil {
		return ""
	}
	return fmt.Sprint(value)
}

func decimalDigits(digest string, size int) string {
	var out strings.Builder
	for i := 0; i < size; i++ {
		value, _ := strconv.ParseUint(digest[2*(i%32):2*(i%32)+2], 16, 8)
		out.WriteByte('0' + byte(value%10))
	}
	return out.String()
}

var directions = strings.NewReplacer(
	"northeast", "ne", "northwest", "nw", "southeast", "se", "southwest", "sw",
	"central", "c", "north", "n", "south", "s", "east", "e", "west", "w",
)

// zonePrefix is the start of the ids of a region's zones: "euc1" for eu-central-1.
func zonePrefix(region string) string {
	parts := strings.Split(region, "-")
	if len(parts) < 3 {
		return region
	}
	parts[len(parts)-2] = directions.Replace(parts[len(parts)-2])
	return strings.Join(parts, "")
}

func (f *filler) identity(attribute string, otherwise func() string) string {
	if text := textOf(f.top, attribute); text != "" {
		return text
	}
	return otherwise()
}

// name is the object's name as its arguments give it, or a made-up one.
func (f *filler) name() string {
	for _, path := range []string{"name", "metadata.0.name"} {
		if text, ok := jsonAt(f.top, path).(string); ok && text != "" {
			return text
		}
	}
	for _, path := range []string{"name_prefix", "metadata.0.generate_name"} {
		if text, ok := jsonAt(f.top, path).(string); ok && text != "" {
			return text + f.hash("name")[:10]
		}
	}
	return f.expand("{kind}-", "") + f.hash("name")[:8]
}

// tables are the names under which rules.json has attributes for this object, the most specific first.
func (f *filler) tables() []string {
	provider, _, _ := strings.Cut(f.kind, "_")
	out := []string{f.kind, provider + "_*", "*"}
	if f.isData {
		return append([]string{"data." + f.kind}, out...)
	}
	return out
}

func (f *filler) id() string  { return f.expand(f.rules.idTemplate(f.kind), "id") }
func (f *filler) arn() string { return f.expand(f.rules.arnTemplate(f.kind), "arn") }

// key is what makes the object unique in the world.
func (f *filler) key() string {
	if template, ok := f.rules.Keys[f.kind]; ok {
		return f.expand(template, "key")
	}
	return f.identity("id", f.id)
}

// isGenerated says that the cloud, and not the author, chooses the key: it would differ for another seed. Such an
// object may be made twice with equal arguments.
func (f *filler) isGenerated() bool {
	arguments := map[string]any{}
	for name, value := range f.top {
		if name != "id" && name != "arn" {
			arguments[name] = value
		}
	}
	one, other := *f, *f
	one.top, other.top = arguments, arguments
	other.seed += "|another"
	return one.key() != other.key()
}

// template expands every text below a value of rules.json; {"$copy": "path"} is another attribute's value of any type.
func (f *filler) template(value any, salt string) any {
	switch node := value.(type) {
	case string:
		return f.expand(node, salt)
	case []any:
		out := make([]any, len(node))
		for i := range node {
			out[i] = f.template(node[i], salt+"."+strconv.Itoa(i))
		}
		return out
	case map[string]any:
		if path, ok := node["$copy"].(string); ok {
			return jsonAt(f.top, path)
		}
		out := make(map[string]any, len(node))
		for key := range node {
			out[key] = f.template(node[key], salt+"."+key)
		}
		return out
	}
	return value
}
