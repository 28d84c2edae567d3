// Package awsapi answers the AWS calls that machines make: Systems Manager's parameters, S3 objects, EC2 tags and
// Auto Scaling's lifecycle actions. Signatures are proved and the role's policies decide, as in AWS.
package awsapi

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"drover/rehearsal/lab/cloud/estate"
	"drover/rehearsal/lab/cloud/objects"
	"drover/rehearsal/lab/cloud/seal"
)

// the largest body that is read: a parameter is a few kilobytes, an etcd snapshot some tens of megabytes.
const largestBody = 512 << 20

const s3Service = "s3"

// Lifecycle answers for the Auto Scaling groups.
type Lifecycle interface {
	// Complete ends the wait of a group's hook for an instance with CONTINUE or ABANDON. The text of an error is what
	// the caller reads, so where nothing waits it must be AWS's: NoActiveAction.
	Complete(group, hook, instance, result string) error
	// Heartbeat makes the wait longer.
	Heartbeat(group, hook, instance string) error
}

// HealthSetter is a Lifecycle that also takes an instance's health (Healthy or Unhealthy).
type HealthSetter interface {
	SetInstanceHealth(instance, status string) error
}

// NoActiveAction is AWS's answer where a group waits for nothing at a hook.
func NoActiveAction(instance string) error {
	return errors.New("No active Lifecycle Action found with instance ID " + instance) //nolint:staticcheck // AWS's text
}

// API is the handler of every endpoint below amazonaws.com.
type API struct {
	Estate    *estate.Estate
	Sealer    *seal.Sealer
	Objects   *objects.Store
	Lifecycle Lifecycle
	// Import makes the store hold what the world holds.
	Import func() error
	// HidesSecret tells parameters that are not there yet for machines. @default - none
	HidesSecret func(name string) bool
	Log         *slog.Logger

	// parameters are read, changed and written by one call at a time.
	parameters sync.Mutex
}

// call is one request on its way.
type call struct {
	*dialect
	writer    http.ResponseWriter
	request   *http.Request
	id        string
	body      []byte
	service   string
	region    string
	domain    string
	bucket    string
	operation string
	caller    *Caller
}

var dialects = map[string]*dialect{
	"ssm": &jsonDialect, "ec2": &ec2Dialect, "autoscaling": &queryDialect, s3Service: &s3Dialect,
}

// Domains are those whose names the API answers.
var Domains = []string{"amazonaws.com", "amazonaws.com.cn"}

// ServeHTTP answers one call.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	started := time.Now()
	c := newCall(w, r)
	w.Header().Set("X-Amzn-Requestid", c.id)
	w.Header().Set("X-Amz-Request-Id", c.id)
	if c.dialect == nil {
		c.dialect = &jsonDialect
		a.finish(c, refusal(http.StatusNotImplemented, "NotImplemented", "the lab does not answer for %q", r.Host), started)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, largestBody))
	if err != nil {
		a.finish(c, refusal(http.StatusBadRequest, "RequestTimeout", "the body was not read: %s", err), started)
		return
	}
	c.body = body
	var problem *fault
	if c.caller, problem = a.authenticate(c); problem == nil {
		problem = a.serve(c)
	}
	a.finish(c, problem, started)
}

func (a *API) serve(c *call) *fault {
	if c.caller == nil && c.service != s3Service {
		return c.noSignature()
	}
	switch c.service {
	case "ssm":
		return a.systemsManager(c)
	case "ec2":
		return a.computeCloud(c)
	case "autoscaling":
		return a.autoScaling(c)
	}
	return a.simpleStorage(c)
}

func (a *API) finish(c *call, problem *fault, started time.Time) {
	fields := []any{
		"service", c.service, "operation", c.operation, "region", c.region, "path", c.request.URL.Path,
		"ms", time.Since(started).Milliseconds(), "address", c.request.RemoteAddr,
	}
	if c.caller != nil {
		fields = append(fields, "instance", c.caller.Instance, "role", c.caller.principal.Role)
	}
	if problem == nil {
		a.Log.Info("call", fields...)
		return
	}
	c.write(c.writer, c.id, problem)
	fields = append(fields, "code", problem.code, "message", problem.message)
	if problem.why != "" {
		fields = append(fields, "why", problem.why)
	}
	a.Log.Warn("call refused", fields...)
}

// newCall finds the service, region and bucket in the name that was asked.
func newCall(w http.ResponseWriter, r *http.Request) *call {
	c := &call{writer: w, request: r, id: requestID()}
	host, _, _ := strings.Cut(strings.ToLower(r.Host), ":")
	for _, domain := range Domains {
		rest, found := strings.CutSuffix(host, "."+domain)
		if !found {
			continue
		}
		labels := strings.Split(rest, ".")
		const serviceAndRegion = 2
		if len(labels) < serviceAndRegion {
			break
		}
		c.domain, c.region, c.service = domain, labels[len(labels)-1], labels[len(labels)-serviceAndRegion]
		c.bucket = strings.Join(labels[:len(labels)-serviceAndRegion], ".")
		if c.service == s3Service || c.bucket == "" {
			c.dialect = dialects[c.service]
		}
	}
	return c
}

func requestID() string {
	raw := make([]byte, 16)
	_, _ = rand.Read(raw) // never fails
	return hex.EncodeToString(raw)
}
