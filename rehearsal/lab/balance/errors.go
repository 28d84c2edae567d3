package balance

import "fmt"

func errNoWorld() error {
	return fmt.Errorf("'World' and 'Machines' of the balancer's configuration are missing: both are needed to find targets")
}

func errKind(name, kind string) error {
	return fmt.Errorf("load balancer '%s' is of type '%s': only 'network' is forwarded in the lab", name, kind)
}

func errProtocol(name string, port int, protocol string) error {
	return fmt.Errorf("listener %d of load balancer '%s' has protocol '%s': only 'TCP' is forwarded in the lab",
		port, name, protocol)
}

func errGroup(name string, port int, group string) error {
	return fmt.Errorf("listener %d of load balancer '%s' forwards to target group '%s', which the world does not hold",
		port, name, group)
}

func errProxyProtocol(group string) error {
	return fmt.Errorf("target group '%s' asks for 'proxy_protocol_v2', which the lab's balancer does not speak: set it to false",
		group)
}

func errStatus(code int, allowed string) error {
	return fmt.Errorf("health check answered %d, allowed is '%s'", code, allowed)
}
