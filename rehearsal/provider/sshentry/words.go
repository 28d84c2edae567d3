package sshentry

import (
	"errors"
	"strings"
)

// Words splits a command as a shell does that expands nothing: at blanks outside of quotes.
func Words(command string) ([]string, error) {
	var out []string
	var word strings.Builder
	inWord, escaped := false, false
	quote := rune(0)
	for _, c := range strings.TrimSpace(command) {
		switch {
		case escaped:
			word.WriteRune(c)
			escaped = false
		case c == '\\' && quote != '\'':
			escaped, inWord = true, true
		case quote != 0 && c == quote:
			quote = 0
		case quote != 0:
			word.WriteRune(c)
		case c == '\'' || c == '"':
			quote, inWord = c, true
		case c == ' ' || c == '\t' || c == '\n':
			if inWord {
				out = append(out, word.String())
				word.Reset()
			}
			inWord = false
		default:
			word.WriteRune(c)
			inWord = true
		}
	}
	if quote != 0 || escaped {
		return nil, errors.New("a quote in the command does not end")
	}
	if inWord {
		out = append(out, word.String())
	}
	return out, nil
}
