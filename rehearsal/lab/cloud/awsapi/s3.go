package awsapi

import (
	"bytes"
	"errors"
	"net/http"
	"strings"

	"drover/rehearsal/lab/cloud/objects"
	"drover/rehearsal/lab/cloud/policy"
	"drover/rehearsal/lab/world"
)

// stored is what a call is about.
type stored struct {
	bucket *world.Object
	key    string
	// arn is that of the object.
	arn string
	own *policy.Document
	// encryption is the ARN of the bucket's key; empty if S3's own.
	encryption string
}

func (a *API) simpleStorage(c *call) *fault {
	if c.bucket == "" { // the older form of the address
		c.bucket, c.request.URL.Path, _ = strings.Cut(strings.TrimPrefix(c.request.URL.Path, "/"), "/")
		c.request.URL.Path = "/" + c.request.URL.Path
	}
	what, problem := a.stored(c)
	if problem != nil {
		return problem
	}
	switch {
	case what.key == "":
		return c.unknownOperation(c.request.Method)
	case c.request.Method == http.MethodGet, c.request.Method == http.MethodHead:
		return a.getObject(c, what)
	case c.request.Method == http.MethodPut && c.request.URL.RawQuery == "":
		return a.putObject(c, what)
	}
	return c.unknownOperation(c.request.Method)
}

func (a *API) stored(c *call) (*stored, *fault) {
	bucket, err := a.Estate.World.Find("aws_s3_bucket", c.bucket)
	if err != nil {
		return nil, c.internal(err)
	}
	if bucket == nil {
		return nil, refusal(http.StatusNotFound, "NoSuchBucket", "The specified bucket does not exist: %s", c.bucket)
	}
	if region := world.Text(bucket, "region"); region != c.region {
		return nil, refusal(http.StatusMovedPermanently, "PermanentRedirect",
			"The bucket you are attempting to access must be addressed using the specified endpoint: %s", region)
	}
	own, err := a.Estate.BucketPolicy(bucket.ID)
	if err != nil {
		a.Log.Error("policy not understood: it grants nothing", "bucket", bucket.ID, "problem", err.Error())
		return nil, c.denied(c.whoever(), "s3:*", world.Text(bucket, "arn"), "because the bucket's policy is not understood")
	}
	encryption, err := a.Estate.BucketKey(bucket.ID)
	if err != nil {
		return nil, c.internal(err)
	}
	key := strings.TrimPrefix(c.request.URL.Path, "/")
	return &stored{bucket: bucket, key: key, arn: world.Text(bucket, "arn") + "/" + key, own: own, encryption: encryption}, nil
}

func (c *call) whoever() *Caller {
	if c.caller == nil {
		return &Caller{}
	}
	return c.caller
}

func (a *API) mayStore(c *call, what *stored, action, arn string) *fault {
	return a.authorize(c, act{action: action, resource: arn, own: what.own, context: policy.Context{
		"s3:TlsVersion": {tlsVersion(c.request)},
	}})
}

func tlsVersion(r *http.Request) string {
	if r.TLS == nil {
		return "0"
	}
	const tls10 = 0x0301 // each later version counts one more
	return "1." + string(rune('0'+r.TLS.Version-tls10))
}

func (a *API) getObject(c *call, what *stored) *fault {
	version := c.request.URL.Query().Get("versionId")
	action := "s3:GetObject"
	if version != "" {
		action = "s3:GetObjectVersion"
	}
	c.operation = "GetObject"
	if problem := a.mayStore(c, what, action, what.arn); problem != nil {
		return problem
	}
	if err := a.Import(); err != nil {
		a.Log.Error("object of the world not found", "problem", err.Error())
	}
	found, err := a.Objects.Get(c.bucket, what.key, version)
	if errors.Is(err, objects.ErrNone) {
		return a.noObject(c, what, version)
	}
	if err != nil {
		return c.internal(err)
	}
	if problem := a.useBucketKey(c, "kms:Decrypt", found.Encryption); problem != nil {
		return problem
	}
	content, err := found.Read()
	if err != nil {
		return c.internal(err)
	}
	describe(c.writer, found)
	if found.ContentType != "" {
		c.writer.Header().Set("Content-Type", found.ContentType)
	}
	http.ServeContent(c.writer, c.request, "", found.Stored, bytes.NewReader(content))
	return nil
}

// noObject does not tell those who may not list a bucket what is in it.
func (a *API) noObject(c *call, what *stored, version string) *fault {
	if problem := a.mayStore(c, what, "s3:ListBucket", world.Text(what.bucket, "arn")); problem != nil {
		return problem.because("there is no such object: " + what.key)
	}
	if version != "" {
		return refusal(http.StatusNotFound, "NoSuchVersion", "The specified version does not exist.")
	}
	return refusal(http.StatusNotFound, "NoSuchKey", "The specified key does not exist.")
}

func (a *API) putObject(c *call, what *stored) *fault {
	c.operation = "PutObject"
	if problem := a.mayStore(c, what, "s3:PutObject", what.arn); problem != nil {
		return problem
	}
	if problem := a.useBucketKey(c, "kms:GenerateDataKey", what.encryption); problem != nil {
		return problem
	}
	version, err := a.Objects.Put(objects.Version{
		Bucket: c.bucket, Key: what.key, Encryption: what.encryption, ContentType: c.request.Header.Get("Content-Type"),
	}, c.body)
	if err != nil {
		return c.internal(err)
	}
	describe(c.writer, version)
	c.writer.WriteHeader(http.StatusOK)
	return nil
}

func (a *API) useBucketKey(c *call, action, arn string) *fault {
	if arn == "" {
		return nil
	}
	key, err := a.Estate.Key(c.region, arn)
	if err != nil {
		return c.internal(err)
	}
	if key == nil {
		return refusal(http.StatusBadRequest, "KMS.NotFoundException", "Key '%s' does not exist", arn)
	}
	return a.authorizeKey(c, action, key, nil)
}

func describe(w http.ResponseWriter, version *objects.Version) {
	w.Header().Set("ETag", `"`+version.ETag+`"`)
	w.Header().Set("X-Amz-Version-Id", version.ID)
	if version.Encryption == "" {
		w.Header().Set("X-Amz-Server-Side-Encryption", "AES256")
		return
	}
	w.Header().Set("X-Amz-Server-Side-Encryption", "aws:kms")
	w.Header().Set("X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id", version.Encryption)
}
