package metadata

import (
	"net"
	"syscall"
)

// limitHops makes the packets of a connection die at the machine's hop limit: behind one more router, as a pod is, the
// connection opens and no answer arrives.
func (s *Service) limitHops(connection net.Conn) {
	address, _, err := net.SplitHostPort(connection.RemoteAddr().String())
	if err != nil {
		return
	}
	hops := 1
	if machine := s.Estate.MachineAt(address); machine != nil && machine.HopLimit > 0 {
		hops = machine.HopLimit
	}
	if err := setTTL(connection, hops); err != nil {
		s.Log.Error("hop limit not set: the connection is closed", "address", address, "error", err.Error())
		_ = connection.Close()
	}
}

func setTTL(connection net.Conn, hops int) error {
	socket, ok := connection.(syscall.Conn)
	if !ok {
		return syscall.ENOTSOCK
	}
	raw, err := socket.SyscallConn()
	if err != nil {
		return err
	}
	var problem error
	if err := raw.Control(func(descriptor uintptr) {
		problem = syscall.SetsockoptInt(int(descriptor), syscall.IPPROTO_IP, syscall.IP_TTL, hops)
	}); err != nil {
		return err
	}
	return problem
}
