package main

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"strconv"
)

// The alphabets of hashicorp/random; special characters are its default set.
const (
	lowerLetters = "abcdefghijklmnopqrstuvwxyz"
	upperLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	numericChars = "0123456789"
	specialChars = "!@#$%&*()-_=+[]{}<>:?"
)

// randomValue gives the attributes of random_* their real form, since other resources parse them. They follow from the
// seed: a rehearsal can be repeated.
func randomValue(f *filler, name string) (any, bool) {
	stream := &hashStream{filler: f, salt: "random"}
	size := func(argument string, otherwise int) int { return wholeNumber(f.top[argument], otherwise) }
	switch f.kind + "." + name {
	case "random_password.result", "random_string.result", "random_string.id":
		text, err := randomText(stream, f.top)
		return text, err == nil
	case "random_password.bcrypt_hash":
		return "$2a$10$" + base64.RawStdEncoding.EncodeToString([]byte(f.hash("bcrypt")))[:53], true
	case "random_id.hex", "random_bytes.hex":
		return textOf(f.top, "prefix") + hex.EncodeToString(stream.take(randomBytes(f.top))), true
	case "random_id.id", "random_id.b64_url":
		return base64.RawURLEncoding.EncodeToString(stream.take(randomBytes(f.top))), true
	case "random_id.b64_std", "random_bytes.base64":
		return base64.StdEncoding.EncodeToString(stream.take(randomBytes(f.top))), true
	case "random_id.dec":
		return textOf(f.top, "prefix") + new(big.Int).SetBytes(stream.take(randomBytes(f.top))).String(), true
	case "random_uuid.result", "random_uuid.id":
		return f.expand("{uuid}", "random"), true
	case "random_pet.id":
		separator := displayed(f.top["separator"])
		if prefix := textOf(f.top, "prefix"); prefix != "" {
			return prefix + separator + "gentle" + separator + f.hash("pet")[:6], true
		}
		return "gentle" + separator + f.hash("pet")[:6], true
	case "random_integer.result", "random_integer.id":
		low, high := size("min", 0), size("max", 0)
		value := strconv.Itoa(low + int(binary.BigEndian.Uint32(stream.take(4)))%(high-low+1))
		if name == "id" {
			return value, true
		}
		return json.Number(value), true
	case "random_shuffle.result":
		input, _ := f.top["input"].([]any)
		return shuffled(stream, input, size("result_count", len(input))), true
	}
	return nil, false
}

func randomBytes(arguments map[string]any) int {
	return wholeNumber(arguments["byte_length"], wholeNumber(arguments["length"], 8))
}

// wholeNumber reads a JSON number; otherwise where there is none.
func wholeNumber(value any, otherwise int) int {
	if number, ok := value.(json.Number); ok {
		if whole, err := number.Int64(); err == nil {
			return int(whole)
		}
	}
	return otherwise
}

// hashStream is an endless, repeatable source of bytes.
type hashStream struct {
	filler *filler
	salt   string
	block  uint32
	rest   []byte
}

func (s *hashStream) Read(p []byte) (int, error) {
	for len(s.rest) < len(p) {
		sum := sha256.Sum256(binary.BigEndian.AppendUint32([]byte(s.filler.seed+"|"+s.salt), s.block))
		s.block++
		s.rest = append(s.rest, sum[:]...)
	}
	n := copy(p, s.rest)
	s.rest = s.rest[n:]
	return n, nil
}

func (s *hashStream) take(n int) []byte {
	out := make([]byte, n)
	_, _ = s.Read(out)
	return out
}

// randomText makes a password or string by the arguments of random_password: length, the four classes, their minima
// and override_special. Bytes come from the source.
func randomText(source io.Reader, arguments map[string]any) (string, error) {
	length := wholeNumber(arguments["length"], 0)
	if length < 1 {
		return "", fmt.Errorf("expected length to be at least (1), got %d", length)
	}
	specials := specialChars
	if own := textOf(arguments, "override_special"); own != "" {
		specials = own
	}
	classes := []struct{ name, alphabet string }{
		{"lower", lowerLetters}, {"upper", upperLetters}, {"numeric", numericChars}, {"special", specials},
	}
	var out []byte
	all := ""
	for _, class := range classes {
		if allowed, given := arguments[class.name].(bool); !given || allowed {
			all += class.alphabet
		}
		for i := 0; i < wholeNumber(arguments["min_"+class.name], 0); i++ {
			out = append(out, pickCharacter(source, class.alphabet))
		}
	}
	if len(out) > length {
		return "", fmt.Errorf("expected length (%d) to be at least the sum of the minima (%d)", length, len(out))
	}
	if all == "" || len(all) > 256 {
		return "", fmt.Errorf("expected 1 to 256 characters to choose from, got %d", len(all))
	}
	for len(out) < length {
		out = append(out, pickCharacter(source, all))
	}
	for i := len(out) - 1; i > 0; i-- {
		j := below(source, i+1)
		out[i], out[j] = out[j], out[i]
	}
	return string(out), nil
}

func pickCharacter(source io.Reader, alphabet string) byte {
	return alphabet[below(source, len(alphabet))]
}

// below is a number from 0 to limit-1, each as likely as the others.
func below(source io.Reader, limit int) int {
	largest := 256 - 256%limit
	for {
		var one [1]byte
		_, _ = io.ReadFull(source, one[:])
		if value := int(one[0]); value < largest {
			return value % limit
		}
	}
}

func shuffled(source io.Reader, input []any, count int) []any {
	out := append([]any(nil), input...)
	for i := len(out) - 1; i > 0; i-- {
		j := below(source, i+1)
		out[i], out[j] = out[j], out[i]
	}
	for len(out) > 0 && len(out) < count {
		out = append(out, out[:min(count-len(out), len(out))]...)
	}
	return out[:min(count, len(out))]
}
