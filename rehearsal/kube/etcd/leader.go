package etcd

import (
	"bufio"
	"context"
	"net/http"
	"strings"
)

// Metrics is where a member tells about itself, also before it serves.
const Metrics = "http://127.0.0.1:2381"

// HasLeader asks the member whose metrics are there whether it knows the leader of its cluster.
func HasLeader(ctx context.Context, metrics string) (bool, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, metrics+"/metrics", nil)
	if err != nil {
		return false, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false, err
	}
	defer response.Body.Close()
	lines := bufio.NewScanner(response.Body)
	for lines.Scan() {
		if value, found := strings.CutPrefix(lines.Text(), "etcd_server_has_leader "); found {
			return value == "1", nil
		}
	}
	return false, lines.Err()
}
