package policy

import "strings"

// pattern is a text with wildcards, its variables replaced: what a variable brings in is never a wildcard.
type pattern []symbol

type symbol struct {
	letter   rune
	wildcard bool
}

// compile replaces ${variables}; false if the request does not know one that has no default.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
func compile(text string, context Context) (pattern, bool) {
	var out pattern
	for text != "" {
		start := strings.Index(text, "${")
		if start < 0 {
			return append(out, plain(text)...), true
		}
		length := strings.Index(text[start:], "}")
		if length < 0 {
			return append(out, plain(text)...), true
		}
		value, known := variable(text[start+2:start+length], context)
		if !known {
			return nil, false
		}
		out = append(append(out, plain(text[:start])...), literal(value)...)
		text = text[start+length+1:]
	}
	return out, true
}

func variable(name string, context Context) (string, bool) {
	switch name {
	case "*", "?", "$":
		return name, true
	}
	name, fallback, hasFallback := strings.Cut(name, ",")
	if values := context.values(strings.TrimSpace(name)); len(values) == 1 {
		return values[0], true
	}
	fallback = strings.TrimSpace(fallback)
	return strings.Trim(fallback, "'"), hasFallback
}

func plain(text string) pattern {
	out := make(pattern, 0, len(text))
	for _, letter := range text {
		out = append(out, symbol{letter: letter, wildcard: letter == '*' || letter == '?'})
	}
	return out
}

func literal(text string) pattern {
	out := make(pattern, 0, len(text))
	for _, letter := range text {
		out = append(out, symbol{letter: letter})
	}
	return out
}

// matches compares a whole text: * stands for any number of characters, ? for one.
func (p pattern) matches(text string) bool {
	letters := []rune(text)
	at, in := 0, 0
	star, resume := -1, 0
	for in < len(letters) {
		switch {
		case at < len(p) && p[at].wildcard && p[at].letter == '*':
			star, resume = at, in
			at++
		case at < len(p) && (p[at].letter == letters[in] || p[at].wildcard && p[at].letter == '?'):
			at++
			in++
		case star >= 0:
			resume++
			at, in = star+1, resume
		default:
			return false
		}
	}
	for at < len(p) && p[at].wildcard && p[at].letter == '*' {
		at++
	}
	return at == len(p)
}

// text is the pattern taken literally.
func (p pattern) text() string {
	var out strings.Builder
	for _, s := range p {
		out.WriteRune(s.letter)
	}
	return out.String()
}

// parts of an ARN, each of which is compared by itself.
const arnParts = 6

// matchesARN compares part by part: a wildcard does not reach over a colon, but in the last part.
func (p pattern) matchesARN(text string) bool {
	parts := strings.SplitN(text, ":", arnParts)
	for index, part := range parts {
		own := p
		if index < len(parts)-1 {
			end := -1
			for at, s := range p {
				if s.letter == ':' {
					end = at
					break
				}
			}
			if end < 0 {
				return false
			}
			own, p = p[:end], p[end+1:]
		}
		if !own.matches(part) {
			return false
		}
	}
	return len(parts) == arnParts
}
