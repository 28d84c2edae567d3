package awsapi

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// The example of AWS's own documentation:
// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
const (
	documentedSecret    = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
	documentedSignature = "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
)

func documented() *http.Request {
	r := httptest.NewRequest(http.MethodGet, "https://examplebucket.s3.amazonaws.com/test.txt", nil)
	r.Header.Set("Range", "bytes=0-9")
	r.Header.Set(contentHeader, hash(nil))
	r.Header.Set(dateHeader, "20130524T000000Z")
	r.Header.Set("Authorization", algorithm+" Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"+
		"SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature="+documentedSignature)
	return r
}

func TestTheDocumentedSignatureIsProved(t *testing.T) {
	r := documented()
	s, err := parseSignature(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.verify(r, documentedSecret, hash(nil)); err != nil {
		t.Error(err)
	}
	if err := s.verify(r, documentedSecret+"x", hash(nil)); err == nil {
		t.Error("a wrong secret was accepted")
	}
	r.Header.Set("Range", "bytes=0-99")
	if err := s.verify(r, documentedSecret, hash(nil)); err == nil {
		t.Error("a changed header was accepted")
	}
}

func TestWhatMustBeSignedIsSigned(t *testing.T) {
	for want, change := range map[string]func(*http.Request){
		`"x-amz-target" is in the request and not signed`: func(r *http.Request) { r.Header.Set("X-Amz-Target", "x") },
		`header "X-Amz-Date"`:                             func(r *http.Request) { r.Header.Set(dateHeader, "today") },
		`date "20130524" is not that`:                     func(r *http.Request) { r.Header.Set(dateHeader, "20130525T000000Z") },
		`algorithm "Basic" must be`:                       func(r *http.Request) { r.SetBasicAuth("a", "b") },
		`"host" is in the request and not signed`: func(r *http.Request) {
			r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), "host;", "", 1))
		},
	} {
		r := documented()
		change(r)
		if _, err := parseSignature(r); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

func TestPathsAndQueriesAreEncodedAsAWSDoes(t *testing.T) {
	r := httptest.NewRequest(http.MethodGet, "https://h/a%20b/%2Bc~?z=1&versionId=a%2Fb&empty", nil)
	if got := canonicalPath(r.URL, "s3"); got != "/a%20b/%2Bc~" {
		t.Errorf("path for S3: %q", got)
	}
	if got := canonicalPath(r.URL, "ssm"); got != "/a%2520b/%252Bc~" {
		t.Errorf("path for others: %q", got)
	}
	if got := canonicalQuery(r.URL); got != "empty=&versionId=a%2Fb&z=1" {
		t.Errorf("query: %q", got)
	}
}
