// Package load asks an address at a steady rate and counts what fails, as a client inside the lab's network would see it.
package load

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"time"
)

// The bounds of one run.
const (
	MostRate    = 200
	MostSeconds = 300
	// a request without a whole answer by then has failed. The cluster elects another leader of etcd meanwhile, which takes
	// two to four seconds here (and longer with RKE2): an answer that waits for it is late, not lost.
	requestTimeout = 5 * time.Second
	// an answer is read up to here.
	mostAnswer = 1 << 20
)

// Plan says what to ask.
type Plan struct {
	URL string `json:"url"`
	// Rate is requests a second.
	Rate    int `json:"rate"`
	Seconds int `json:"seconds"`
	// KeepAlive uses connections again; else each request opens a new one.
	KeepAlive bool `json:"keepAlive,omitempty"`
	// Authority is the PEM of the authority that an https server's certificate must come from.
	Authority []byte `json:"authority,omitempty"`
}

// Client sends requests.
type Client struct {
	// Resolve looks a name up in the lab's own names.
	Resolve func(ctx context.Context, name string) ([]netip.Addr, error)
	// Dial connects to an IPv4 address and port. @default - from the network of this process
	Dial func(ctx context.Context, address string) (net.Conn, error)
}

// Result counts. A request has failed if it had no whole answer within 5 s, or one with a status of 500 or more; a
// server that answers 401 lives. Times are milliseconds; offsets are seconds from the start to when the failed request
// was sent.
type Result struct {
	Sent   int `json:"sent"`
	Failed int `json:"failed"`
	// FailedAfterFirstSecond are failures of requests sent more than a second after the first one that failed.
	FailedAfterFirstSecond int      `json:"failedAfterFirstSecond"`
	FirstFailureSec        *float64 `json:"firstFailureSec"`
	LastFailureSec         *float64 `json:"lastFailureSec"`
	// SlowestMs is over all requests, P50Ms and P99Ms over those that did not fail.
	SlowestMs float64 `json:"slowestMs"`
	P50Ms     float64 `json:"p50Ms"`
	P99Ms     float64 `json:"p99Ms"`
	// Statuses are the numbers of answers by HTTP status, Errors those of failures without an answer by their text.
	Statuses map[string]int `json:"statuses"`
	Errors   map[string]int `json:"errors"`
}

// Check refuses a plan that can't be run.
func (p Plan) Check() error {
	parsed, err := url.Parse(p.URL)
	if err != nil || parsed.Host == "" || parsed.Scheme != "http" && parsed.Scheme != "https" {
		return fmt.Errorf("address %q is not like \"https://name:port/path\"", p.URL)
	}
	if p.Rate < 1 || p.Rate > MostRate {
		return fmt.Errorf("rate %d is not allowed: it must be from 1 to %d requests a second", p.Rate, MostRate)
	}
	if p.Seconds < 1 || p.Seconds > MostSeconds {
		return fmt.Errorf("%d seconds are not allowed: there must be from 1 to %d", p.Seconds, MostSeconds)
	}
	if len(p.Authority) > 0 && !x509.NewCertPool().AppendCertsFromPEM(p.Authority) {
		return errors.New("the authority's file holds no certificate: it must be PEM")
	}
	return nil
}

// one is what came of one request.
type one struct {
	offset, took time.Duration
	status       int
	err          error
}

func (o one) failed() bool { return o.err != nil || o.status >= http.StatusInternalServerError }

// Run sends the plan's requests at its rate, whether or not earlier ones are answered. An end of ctx ends it early with an
// error.
func (c Client) Run(ctx context.Context, plan Plan) (Result, error) {
	if err := plan.Check(); err != nil {
		return Result{}, err
	}
	transport := c.transport(plan)
	defer transport.CloseIdleConnections()
	client := &http.Client{
		Transport: transport, Timeout: requestTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	count := plan.Rate * plan.Seconds
	all := make([]one, count)
	var working sync.WaitGroup
	began := time.Now()
	pause := time.NewTimer(0)
	defer pause.Stop()
	for index := range count {
		pause.Reset(time.Until(began.Add(time.Duration(index) * time.Second / time.Duration(plan.Rate))))
		select {
		case <-ctx.Done():
			working.Wait()
			return Result{}, context.Cause(ctx)
		case <-pause.C:
		}
		working.Go(func() { all[index] = ask(ctx, client, plan.URL, began) })
	}
	working.Wait()
	if ctx.Err() != nil {
		return Result{}, context.Cause(ctx)
	}
	return sum(all), nil
}

func (c Client) transport(plan Plan) *http.Transport {
	dial := c.Dial
	if dial == nil {
		dial = func(ctx context.Context, address string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "tcp4", address)
		}
	}
	out := &http.Transport{
		DisableKeepAlives: !plan.KeepAlive, MaxIdleConnsPerHost: MostRate, TLSHandshakeTimeout: requestTimeout,
		DialContext: func(ctx context.Context, _, address string) (net.Conn, error) {
			name, port, err := net.SplitHostPort(address)
			if err != nil {
				return nil, err
			}
			addresses := []netip.Addr{}
			if literal, err := netip.ParseAddr(name); err == nil {
				addresses = append(addresses, literal)
			} else if addresses, err = c.Resolve(ctx, name); err != nil {
				return nil, err
			}
			failed := fmt.Errorf("no address of %q is known in the lab", name)
			for _, one := range addresses { // as a browser does: the next address when one refuses
				bounded, cancel := context.WithTimeout(ctx, requestTimeout)
				connection, err := dial(bounded, net.JoinHostPort(one.String(), port))
				cancel()
				if err == nil {
					return connection, nil
				}
				failed = err
			}
			return nil, failed
		},
	}
	if len(plan.Authority) > 0 {
		pool := x509.NewCertPool()
		pool.AppendCertsFromPEM(plan.Authority)
		out.TLSClientConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
	}
	return out
}

func ask(ctx context.Context, client *http.Client, address string, began time.Time) (out one) {
	out.offset = time.Since(began)
	started := time.Now()
	defer func() { out.took = time.Since(started) }()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		out.err = err
		return out
	}
	response, err := client.Do(request)
	if err != nil {
		out.err = err
		return out
	}
	defer response.Body.Close()
	out.status = response.StatusCode
	_, out.err = io.Copy(io.Discard, io.LimitReader(response.Body, mostAnswer))
	return out
}

func sum(all []one) Result {
	out := Result{Sent: len(all), Statuses: map[string]int{}, Errors: map[string]int{}}
	slices.SortFunc(all, func(a, b one) int { return cmp.Compare(a.offset, b.offset) })
	var good []time.Duration
	var slowest, first time.Duration
	for _, each := range all {
		slowest = max(slowest, each.took)
		if each.err != nil {
			out.Errors[text(each.err)]++
		} else {
			out.Statuses[strconv.Itoa(each.status)]++
		}
		if !each.failed() {
			good = append(good, each.took)
			continue
		}
		at := each.offset.Seconds()
		if out.Failed == 0 {
			first, out.FirstFailureSec = each.offset, &at
		}
		out.LastFailureSec = &at
		out.Failed++
		if each.offset > first+time.Second {
			out.FailedAfterFirstSecond++
		}
	}
	slices.Sort(good)
	out.SlowestMs, out.P50Ms, out.P99Ms = ms(slowest), ms(percentile(good, 50)), ms(percentile(good, 99))
	return out
}

// percentile of sorted times; 0 if there are none.
func percentile(sorted []time.Duration, percent int) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[(len(sorted)*percent+99)/100-1]
}

func ms(took time.Duration) float64 { return float64(took.Microseconds()) / 1000 }

// text is an error without the address that is asked each time, and without the port that differs each time.
func text(err error) string {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		if wrapped.Timeout() {
			return "no answer within 5 s"
		}
		err = wrapped.Err
	}
	var operation *net.OpError
	if errors.As(err, &operation) {
		return operation.Op + ": " + operation.Err.Error()
	}
	return err.Error()
}
