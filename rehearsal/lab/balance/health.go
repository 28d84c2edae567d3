package balance

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"drover/rehearsal/lab/world"
)

// how often a target that refused a connection is looked at, in seconds, however rare its health checks are.
const suspectInterval = 1

// healthCheck is how a target group finds out whether a target is well.
type healthCheck struct {
	disabled           bool
	protocol           string
	port               uint16 // 0: the port that gets the traffic
	path               string
	matcher            string
	interval, timeout  time.Duration
	healthy, unhealthy int
	second             time.Duration
}

// readHealthCheck fills in AWS's defaults for network load balancers.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health-checks.html
func readHealthCheck(group *world.Object, second time.Duration) healthCheck {
	const at = "health_check.0."
	out := healthCheck{
		disabled:  world.Text(group, at+"enabled") == "false",
		protocol:  world.Text(group, at+"protocol"),
		path:      world.Text(group, at+"path"),
		matcher:   world.Text(group, at+"matcher"),
		interval:  time.Duration(number(group, at+"interval", 30)) * second,
		healthy:   number(group, at+"healthy_threshold", 5),
		unhealthy: number(group, at+"unhealthy_threshold", 2),
		second:    second,
	}
	timeout := 10
	switch out.protocol {
	case "":
		out.protocol = "TCP"
	case "HTTP":
		timeout = 6
	}
	if out.path == "" {
		out.path = "/"
	}
	if out.matcher == "" {
		out.matcher = "200-399"
	}
	out.timeout = min(out.interval, time.Duration(number(group, at+"timeout", timeout))*second)
	if port, err := strconv.ParseUint(world.Text(group, at+"port"), 10, 16); err == nil {
		out.port = uint16(port)
	}
	return out
}

// run looks at a target once.
func (h healthCheck) run(ctx context.Context, dial dialFunc, target netip.AddrPort) error {
	ctx, cancel := context.WithTimeout(ctx, h.timeout)
	defer cancel()
	if h.port != 0 {
		target = netip.AddrPortFrom(target.Addr(), h.port)
	}
	if h.protocol != "HTTP" && h.protocol != "HTTPS" {
		conn, err := dial(ctx, "tcp", netip.Addr{}, target.String())
		if err != nil {
			return err
		}
		return conn.Close()
	}
	client := http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DisableKeepAlives: true,
			// A load balancer does not check certificates of its targets.
			TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, //nolint:gosec
			DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
				return dial(ctx, network, netip.Addr{}, address)
			},
		},
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet,
		strings.ToLower(h.protocol)+"://"+target.String()+h.path, nil)
	if err != nil {
		return err
	}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, 1<<16))
	if !matches(response.StatusCode, h.matcher) {
		return errStatus(response.StatusCode, h.matcher)
	}
	return nil
}

// matches tells whether a status is one of a list such as "200,202" or "200-399".
func matches(code int, allowed string) bool {
	for _, part := range strings.Split(allowed, ",") {
		first, last, isRange := strings.Cut(strings.TrimSpace(part), "-")
		if !isRange {
			last = first
		}
		low, errLow := strconv.Atoi(first)
		high, errHigh := strconv.Atoi(last)
		if errLow == nil && errHigh == nil && low <= code && code <= high {
			return true
		}
	}
	return false
}
