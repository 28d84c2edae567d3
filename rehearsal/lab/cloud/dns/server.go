// Package dns is the resolver of the lab's network. It knows the names of the lab and no others; nothing is asked
// outside.
package dns

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"strings"
	"time"

	"github.com/miekg/dns"
)

// answers may be kept by a machine this long: the world changes under them.
const timeToLive = 5

const queryDeadline = 2 * time.Second

// Records are what a name has: addresses, and texts by record type.
type Records struct {
	Addresses []netip.Addr
	Texts     []string
}

// Names finds a name's records (lower case, without the last dot); false if there is no such name.
type Names interface {
	Find(name string) (Records, bool, error)
}

// Server answers queries over UDP and TCP.
type Server struct {
	names   Names
	log     *slog.Logger
	servers []*dns.Server
}

// Listen answers at an address until Shutdown.
func Listen(address netip.AddrPort, names Names, log *slog.Logger) (*Server, error) {
	s := &Server{names: names, log: log}
	listener, err := net.Listen("tcp4", address.String())
	if err != nil {
		return nil, fmt.Errorf("DNS over TCP: %w", err)
	}
	// with port 0 both protocols get the same free port
	packets, err := net.ListenPacket("udp4", listener.Addr().String())
	if err != nil {
		return nil, errors.Join(fmt.Errorf("DNS over UDP: %w", err), listener.Close())
	}
	s.servers = []*dns.Server{
		{Listener: listener, Handler: s, ReadTimeout: queryDeadline, WriteTimeout: queryDeadline},
		{PacketConn: packets, Handler: s, ReadTimeout: queryDeadline, WriteTimeout: queryDeadline},
	}
	for _, server := range s.servers {
		started := make(chan struct{})
		failed := make(chan error, 1)
		server.NotifyStartedFunc = func() { close(started) }
		go func() { failed <- server.ActivateAndServe() }()
		select {
		case <-started:
		case err := <-failed:
			return nil, fmt.Errorf("DNS: %w", err)
		}
	}
	return s, nil
}

// Address is where the server listens.
func (s *Server) Address() netip.AddrPort {
	return netip.MustParseAddrPort(s.servers[0].Listener.Addr().String())
}

// Shutdown ends the service.
func (s *Server) Shutdown(ctx context.Context) error {
	var problems []error
	for _, server := range s.servers {
		problems = append(problems, server.ShutdownContext(ctx))
	}
	return errors.Join(problems...)
}

// ServeDNS answers one query.
func (s *Server) ServeDNS(w dns.ResponseWriter, query *dns.Msg) {
	reply := new(dns.Msg)
	reply.SetReply(query)
	reply.Authoritative, reply.RecursionAvailable = true, true
	if query.Opcode != dns.OpcodeQuery || len(query.Question) != 1 || query.Question[0].Qclass != dns.ClassINET {
		reply.Rcode = dns.RcodeRefused
	} else {
		s.fill(reply, query.Question[0])
	}
	if _, isUDP := w.LocalAddr().(*net.UDPAddr); isUDP {
		size := dns.MinMsgSize
		if extension := query.IsEdns0(); extension != nil {
			size = int(max(extension.UDPSize(), dns.MinMsgSize))
			reply.SetEdns0(extension.UDPSize(), false)
		}
		reply.Truncate(size)
	}
	if err := w.WriteMsg(reply); err != nil {
		s.log.Warn("name not answered", "address", w.RemoteAddr().String(), "error", err.Error())
	}
}

func (s *Server) fill(reply *dns.Msg, question dns.Question) {
	name := strings.ToLower(strings.TrimSuffix(question.Name, "."))
	found, exists, err := s.names.Find(name)
	if err != nil {
		s.log.Error("name not looked up", "name", name, "error", err.Error())
		reply.Rcode = dns.RcodeServerFailure
		return
	}
	if !exists {
		// said once for both kinds of address that a program asks for
		if question.Qtype != dns.TypeAAAA {
			s.log.Info("name unknown", "name", name, "kind", dns.TypeToString[question.Qtype])
		}
		reply.Rcode = dns.RcodeNameError
		return
	}
	header := func(kind uint16) dns.RR_Header {
		return dns.RR_Header{Name: question.Name, Rrtype: kind, Class: dns.ClassINET, Ttl: timeToLive}
	}
	for _, address := range found.Addresses {
		switch {
		case question.Qtype == dns.TypeA && address.Is4():
			reply.Answer = append(reply.Answer, &dns.A{Hdr: header(dns.TypeA), A: address.AsSlice()})
		case question.Qtype == dns.TypeAAAA && address.Is6():
			reply.Answer = append(reply.Answer, &dns.AAAA{Hdr: header(dns.TypeAAAA), AAAA: address.AsSlice()})
		}
	}
	if question.Qtype != dns.TypeTXT {
		return
	}
	for _, text := range found.Texts {
		reply.Answer = append(reply.Answer, &dns.TXT{Hdr: header(dns.TypeTXT), Txt: pieces(text)})
	}
}

// pieces cuts a text into the strings of at most 255 bytes that a record holds.
func pieces(text string) []string {
	const longest = 255
	var out []string
	for len(text) > longest {
		out, text = append(out, text[:longest]), text[longest:]
	}
	return append(out, text)
}
