package cloud

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"drover/rehearsal/lab/host"
	"drover/rehearsal/lab/world"
	"drover/rehearsal/rancher/testkit"
)

// ask is one request to the metadata service from a machine's address.
func (l *lab) ask(t *testing.T, address, method, path string, header ...string) (int, string) {
	t.Helper()
	request, err := http.NewRequest(method, "http://"+l.MetadataAddr.String()+path, nil)
	must(t, err)
	for at := 0; at < len(header); at += 2 {
		request.Header.Set(header[at], header[at+1])
	}
	dialer := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(address)}}
	client := &http.Client{Timeout: commandDeadline, Transport: &http.Transport{DialContext: dialer.DialContext, DisableKeepAlives: true}}
	response, err := client.Do(request)
	must(t, err)
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	must(t, err)
	return response.StatusCode, string(body)
}

func (l *lab) token(t *testing.T, address string) string {
	t.Helper()
	status, token := l.ask(t, address, http.MethodPut, "/latest/api/token", "X-aws-ec2-metadata-token-ttl-seconds", "60")
	equal(t, "status of the token", status, http.StatusOK)
	return token
}

func (l *lab) value(t *testing.T, address, path string) (int, string) {
	t.Helper()
	return l.ask(t, address, http.MethodGet, path, "X-aws-ec2-metadata-token", l.token(t, address))
}

func TestOnlyTheSecondVersionOfTheServiceAnswers(t *testing.T) {
	l := start(t)
	own := l.token(t, serverAddress)
	for _, c := range []struct {
		name, address, method, path string
		header                      []string
		status                      int
	}{
		{"a read without a token", serverAddress, http.MethodGet, "/latest/meta-data/instance-id", nil, 401},
		{"a read with a forged token", serverAddress, http.MethodGet, "/latest/meta-data/instance-id", []string{"X-aws-ec2-metadata-token", own + "x"}, 401},
		{"a read with another machine's token", workerAddress, http.MethodGet, "/latest/meta-data/instance-id", []string{"X-aws-ec2-metadata-token", own}, 401},
		{"a token without a lifetime", serverAddress, http.MethodPut, "/latest/api/token", nil, 400},
		{"a token that lives too long", serverAddress, http.MethodPut, "/latest/api/token", []string{"X-aws-ec2-metadata-token-ttl-seconds", "21601"}, 400},
		{"a token through a proxy", serverAddress, http.MethodPut, "/latest/api/token", []string{"X-aws-ec2-metadata-token-ttl-seconds", "60", "X-Forwarded-For", "10.0.0.1"}, 403},
		{"a token by another method", serverAddress, http.MethodGet, "/latest/api/token", nil, 405},
		{"a write", serverAddress, http.MethodPost, "/latest/meta-data/", []string{"X-aws-ec2-metadata-token", own}, 405},
		{"a value that is not there", serverAddress, http.MethodGet, "/latest/meta-data/none", []string{"X-aws-ec2-metadata-token", own}, 404},
		{"a version that is not there", serverAddress, http.MethodGet, "/soon/meta-data/", []string{"X-aws-ec2-metadata-token", own}, 404},
		{"somebody who is no machine", "127.0.7.9", http.MethodPut, "/latest/api/token", []string{"X-aws-ec2-metadata-token-ttl-seconds", "60"}, 404},
	} {
		t.Run(c.name, func(t *testing.T) {
			status, _ := l.ask(t, c.address, c.method, c.path, c.header...)
			equal(t, "status", status, c.status)
		})
	}
}

func TestATokenEnds(t *testing.T) {
	l := start(t)
	_, token := l.ask(t, serverAddress, http.MethodPut, "/latest/api/token", "X-aws-ec2-metadata-token-ttl-seconds", "1")
	time.Sleep(1100 * time.Millisecond)
	status, _ := l.ask(t, serverAddress, http.MethodGet, "/latest/meta-data/instance-id", "X-aws-ec2-metadata-token", token)
	equal(t, "status", status, http.StatusUnauthorized)
}

func TestAMachineLearnsItsOwnFacts(t *testing.T) {
	l := start(t)
	for path, want := range map[string]string{
		"/latest/meta-data/instance-id":                                                   workerID,
		"/2009-04-04/meta-data/instance-id":                                               workerID,
		"/2021-03-23/meta-data/local-ipv4":                                                workerAddress,
		"/latest/meta-data/local-hostname":                                                "ip-127-0-7-2.eu-west-1.compute.internal",
		"/latest/meta-data/placement/availability-zone":                                   "eu-west-1a",
		"/latest/meta-data/placement/region":                                              "eu-west-1",
		"/latest/meta-data/services/domain":                                               "amazonaws.com",
		"/latest/meta-data/instance-type":                                                 "m7i.xlarge",
		"/latest/meta-data/mac":                                                           "02:00:7f:00:07:02",
		"/latest/meta-data/network/interfaces/macs/":                                      "02:00:7f:00:07:02/",
		"/latest/meta-data/network/interfaces/macs/02:00:7f:00:07:02/vpc-ipv4-cidr-block": "10.20.0.0/16",
		"/latest/meta-data/iam/security-credentials/":                                     workers,
		"/latest/meta-data/autoscaling/target-lifecycle-state":                            "InService",
		"/latest/": "dynamic/\nmeta-data/",
	} {
		status, got := l.value(t, workerAddress, path)
		equal(t, path, status, http.StatusOK)
		equal(t, path, got, want)
	}
	_, data := l.value(t, serverAddress, "/2018-09-24/user-data")
	equal(t, "user data", data, "#cloud-config\n{\"a\":1}\n")
	status, _ := l.value(t, workerAddress, "/latest/user-data")
	equal(t, "user data of a machine without", status, http.StatusNotFound)
	status, _ = l.value(t, serverAddress, "/latest/meta-data/autoscaling/target-lifecycle-state")
	equal(t, "state of a machine without a group", status, http.StatusNotFound)
	_, text := l.value(t, workerAddress, "/latest/dynamic/instance-identity/document")
	var document map[string]any
	must(t, json.Unmarshal([]byte(text), &document))
	equal(t, "account", document["accountId"], "123456789012")
}

func TestEveryListedValueCanBeRead(t *testing.T) {
	l := start(t)
	var crawl func(path string) int
	crawl = func(path string) int {
		status, text := l.value(t, serverAddress, path)
		equal(t, path, status, http.StatusOK)
		if !strings.HasSuffix(path, "/") {
			return 1
		}
		count := 0
		for _, name := range strings.Split(text, "\n") {
			count += crawl(path + name)
		}
		return count
	}
	if count := crawl("/latest/"); count < 20 {
		t.Errorf("only %d values", count)
	}
}

func TestTagsShowOnlyWhereTheInstanceAllowsIt(t *testing.T) {
	l := start(t)
	status, _ := l.value(t, workerAddress, "/latest/meta-data/tags/instance/drover:env")
	equal(t, "not allowed", status, http.StatusNotFound)
	templates, err := l.world.List("aws_launch_template")
	must(t, err)
	options, _ := world.Value(templates[0], "metadata_options.0").(map[string]any)
	options["instance_metadata_tags"] = "enabled"
	must(t, l.world.Put(templates[0]))
	_, got := l.value(t, workerAddress, "/latest/meta-data/tags/instance/drover:env")
	equal(t, "allowed", got, "dev")
}

func TestTheEndOfAMachineIsAnnounced(t *testing.T) {
	l := start(t)
	const spot, rebalance = "/latest/meta-data/spot/", "/latest/meta-data/events/recommendations/rebalance"
	for _, path := range []string{spot + "instance-action", spot + "termination-time", rebalance} {
		status, _ := l.value(t, workerAddress, path)
		equal(t, path, status, http.StatusNotFound)
	}
	l.Notice(workerID, host.Notice{Action: "terminate", Time: time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC), Rebalance: true})
	for path, want := range map[string]string{
		spot + "instance-action":  `{"action":"terminate","time":"2026-05-04T03:02:01Z"}`,
		spot + "termination-time": "2026-05-04T03:02:01Z",
		rebalance:                 `{"noticeTime":"2026-05-04T03:02:01Z"}`,
	} {
		_, got := l.value(t, workerAddress, path)
		equal(t, path, got, want)
	}
	l.change(workerID, func(m *host.Machine) { m.Lifecycle = "Terminating:Wait" })
	_, got := l.value(t, workerAddress, "/latest/meta-data/autoscaling/target-lifecycle-state")
	equal(t, "target", got, "Terminated")
}

// hopsAway dials as a machine whose kernel drops packets that could not have passed that many routers.
func (l *lab) hopsAway(ctx context.Context, address string, routers int) error {
	const minTTL = 21 // IP_MINTTL of ip(7)
	dialer := &net.Dialer{
		LocalAddr: &net.TCPAddr{IP: net.ParseIP(address)},
		Control: func(_, _ string, raw syscall.RawConn) error {
			var problem error
			err := raw.Control(func(descriptor uintptr) {
				problem = syscall.SetsockoptInt(int(descriptor), syscall.IPPROTO_IP, minTTL, routers+1)
			})
			if err != nil {
				return err
			}
			return problem
		},
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPut, "http://"+l.MetadataAddr.String()+"/latest/api/token", nil)
	if err != nil {
		return err
	}
	request.Header.Set("X-aws-ec2-metadata-token-ttl-seconds", "60")
	response, err := (&http.Transport{DialContext: dialer.DialContext, DisableKeepAlives: true}).RoundTrip(request)
	if err != nil {
		return err
	}
	return response.Body.Close()
}

func TestATokenDoesNotReachAPodBehindItsMachine(t *testing.T) {
	l := start(t)
	ctx, cancel := context.WithTimeout(t.Context(), commandDeadline)
	defer cancel()
	if err := l.hopsAway(ctx, workerAddress, 0); err != nil {
		t.Fatalf("the machine itself: %v", err)
	}

	looks := l.looked()
	behind, giveUp := context.WithCancel(ctx)
	answered := make(chan error, 1)
	go func() { answered <- l.hopsAway(behind, workerAddress, 1) }()
	// one look for the connection, one for the request; whoever asks after that is answered later
	testkit.Await(t, "the pod has asked", func() bool { return l.looked() >= looks+2 })
	for range 3 {
		if err := l.hopsAway(ctx, workerAddress, 0); err != nil {
			t.Fatalf("the machine itself, after the pod: %v", err)
		}
	}
	giveUp()
	if err := <-answered; !errors.Is(err, context.Canceled) {
		t.Fatalf("a pod behind the machine got a token: %v", err)
	}

	l.change(workerID, func(m *host.Machine) { m.HopLimit = 2 })
	if err := l.hopsAway(ctx, workerAddress, 1); err != nil {
		t.Fatalf("with a hop limit of 2: %v", err)
	}
}
