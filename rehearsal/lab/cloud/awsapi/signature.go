package awsapi

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

const (
	algorithm       = "AWS4-HMAC-SHA256"
	greatestSkew    = 15 * time.Minute
	dateFormat      = "20060102T150405Z"
	unsignedPayload = "UNSIGNED-PAYLOAD"
	dateHeader      = "X-Amz-Date"
	contentHeader   = "X-Amz-Content-Sha256"
	tokenHeader     = "X-Amz-Security-Token"
)

// signature is what a request's Authorization header says.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
type signature struct {
	accessKey             string
	date, region, service string
	headers               []string
	given                 string
	signed                time.Time
}

func parseSignature(r *http.Request) (*signature, error) {
	kind, rest, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if kind != algorithm {
		return nil, fmt.Errorf("algorithm %q must be %q", kind, algorithm)
	}
	parts := map[string]string{}
	for _, part := range strings.Split(rest, ",") {
		key, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		parts[key] = value
	}
	scope := strings.Split(parts["Credential"], "/")
	const scopeParts = 5
	if len(scope) != scopeParts || scope[4] != "aws4_request" {
		return nil, fmt.Errorf("credential %q must be <key>/<date>/<region>/<service>/aws4_request", parts["Credential"])
	}
	signed, err := time.Parse(dateFormat, r.Header.Get(dateHeader))
	if err != nil {
		return nil, fmt.Errorf("header %q: %w", dateHeader, err)
	}
	out := &signature{
		accessKey: scope[0], date: scope[1], region: scope[2], service: scope[3],
		headers: strings.Split(parts["SignedHeaders"], ";"), given: parts["Signature"], signed: signed,
	}
	return out, out.coversAll(r)
}

// coversAll insists on the headers that AWS insists on: the host, and every one of its own.
func (s *signature) coversAll(r *http.Request) error {
	wanted := []string{"host"}
	for header := range r.Header {
		if lower := strings.ToLower(header); strings.HasPrefix(lower, "x-amz-") {
			wanted = append(wanted, lower)
		}
	}
	for _, header := range wanted {
		if !slices.Contains(s.headers, header) {
			return fmt.Errorf("header %q is in the request and not signed", header)
		}
	}
	if !slices.IsSorted(s.headers) {
		return errors.New("the signed headers are not sorted")
	}
	if !strings.HasPrefix(r.Header.Get(dateHeader), s.date) {
		return fmt.Errorf("the credential's date %q is not that of the request %q", s.date, r.Header.Get(dateHeader))
	}
	return nil
}

// verify compares the signature with one that is made by the secret.
func (s *signature) verify(r *http.Request, secret, payloadHash string) error {
	canonical := strings.Join([]string{
		r.Method, canonicalPath(r.URL, s.service), canonicalQuery(r.URL), s.canonicalHeaders(r),
		strings.Join(s.headers, ";"), payloadHash,
	}, "\n")
	scope := strings.Join([]string{s.date, s.region, s.service, "aws4_request"}, "/")
	text := strings.Join([]string{algorithm, r.Header.Get(dateHeader), scope, hash([]byte(canonical))}, "\n")
	key := []byte("AWS4" + secret)
	for _, part := range []string{s.date, s.region, s.service, "aws4_request"} {
		key = mac(key, part)
	}
	given, err := hex.DecodeString(s.given)
	if err != nil || !hmac.Equal(given, mac(key, text)) {
		// the log is no place for a token
		return fmt.Errorf("signature of canonical request %q", withoutToken(canonical, r))
	}
	return nil
}

func withoutToken(canonical string, r *http.Request) string {
	token := r.Header.Get(tokenHeader)
	if token == "" {
		return canonical
	}
	return strings.ReplaceAll(canonical, token, "...")
}

func (s *signature) canonicalHeaders(r *http.Request) string {
	var out strings.Builder
	for _, header := range s.headers {
		values := slices.Clone(r.Header.Values(header))
		switch header {
		case "host":
			values = []string{r.Host}
		case "content-length":
			values = []string{fmt.Sprint(r.ContentLength)}
		}
		for index, value := range values {
			values[index] = strings.Join(strings.Fields(value), " ")
		}
		out.WriteString(header + ":" + strings.Join(values, ",") + "\n")
	}
	return out.String()
}

// canonicalPath encodes the path once more than it was sent, for every service but S3.
func canonicalPath(u *url.URL, service string) string {
	path := u.Path
	if service != "s3" {
		path = u.EscapedPath()
	}
	if path == "" {
		return "/"
	}
	parts := strings.Split(path, "/")
	for index, part := range parts {
		parts[index] = encode(part)
	}
	return strings.Join(parts, "/")
}

func canonicalQuery(u *url.URL) string {
	var pairs []string
	for name, values := range u.Query() {
		for _, value := range values {
			pairs = append(pairs, encode(name)+"="+encode(value))
		}
	}
	slices.Sort(pairs)
	return strings.Join(pairs, "&")
}

// encode is AWS's own percent-encoding.
func encode(text string) string {
	const unreserved = "-._~"
	var out strings.Builder
	for _, b := range []byte(text) {
		letter := b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9'
		if letter || strings.IndexByte(unreserved, b) >= 0 {
			out.WriteByte(b)
			continue
		}
		fmt.Fprintf(&out, "%%%02X", b)
	}
	return out.String()
}

func mac(key []byte, text string) []byte {
	sum := hmac.New(sha256.New, key)
	sum.Write([]byte(text))
	return sum.Sum(nil)
}

func hash(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}
