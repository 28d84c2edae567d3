package metadata

import (
	"fmt"
	"strings"
	"time"

	"drover/rehearsal/lab/host"
)

// announcements are the values that tell of the machine's end, and of its place in its group.
func announcements(machine *host.Machine) map[string]string {
	out := map[string]string{}
	if machine.Group != "" {
		out["autoscaling/target-lifecycle-state"] = targetState(machine.Lifecycle)
	}
	notice := machine.Notice
	if notice == nil {
		return out
	}
	at := notice.Time.UTC().Format(time.RFC3339)
	if notice.Rebalance {
		out["events/recommendations/rebalance"] = fmt.Sprintf(`{"noticeTime":%q}`, at)
	}
	if notice.Action != "" {
		out["spot/instance-action"] = fmt.Sprintf(`{"action":%q,"time":%q}`, notice.Action, at)
	}
	if notice.Action == "terminate" {
		out["spot/termination-time"] = at
	}
	return out
}

// targetState is where the group takes the machine.
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/retrieving-target-lifecycle-state-through-imds.html
func targetState(lifecycle string) string {
	switch {
	case strings.HasPrefix(lifecycle, "Terminat"):
		return "Terminated"
	case lifecycle == "", strings.HasPrefix(lifecycle, "Pending"):
		return "InService"
	}
	return lifecycle
}
