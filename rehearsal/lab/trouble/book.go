// Package trouble is what goes wrong in the lab because a person or a test wants it to: secrets that are late, addresses
// that refuse connections, a package mirror that is down. It is kept in memory and ends with the lab.
package trouble

import (
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"
)

// The troubles by their names.
const (
	// Secret makes parameters whose names begin with the argument unknown to machines.
	Secret = "secret"
	// Address makes a load balancer refuse connections: a name of it, or an address; ":port" after it means this port only.
	Address = "address"
	// Mirror makes the mirror of the distribution's packages refuse connections.
	Mirror = "mirror"
)

// Entry is one trouble that is on.
type Entry struct {
	Name string `json:"name"`
	// Argument is what it is about; empty for the mirror.
	Argument string    `json:"argument"`
	Since    time.Time `json:"since"`

	addresses []netip.AddrPort
}

// Book keeps what is on; the parts of the lab look into it.
type Book struct {
	// Balancer tells the addresses of the load balancer that a name or an address means; an error if it is none's.
	Balancer func(name string) ([]netip.Addr, error)
	// RefuseMirror closes the mirror's listener, or opens it again.
	RefuseMirror func(refuse bool) error
	// Now is the clock. @default time.Now
	Now func() time.Time

	mutex sync.Mutex
	on    []Entry
}

// Set switches a trouble on or off. To switch on what is on, or off what is not, is no error; off without an argument
// ends all troubles of the name.
func (b *Book) Set(name, argument string, on bool) error {
	entry, err := b.entry(name, argument, on)
	if err != nil {
		return err
	}
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if name == Mirror {
		if err := b.RefuseMirror(on); err != nil {
			return err
		}
	}
	b.on = slices.DeleteFunc(b.on, func(e Entry) bool {
		return e.Name == name && (e.Argument == argument || !on && argument == "")
	})
	if on {
		b.on = append(b.on, entry)
	}
	return nil
}

func (b *Book) entry(name, argument string, on bool) (Entry, error) {
	now := time.Now
	if b.Now != nil {
		now = b.Now
	}
	out := Entry{Name: name, Argument: argument, Since: now().UTC()}
	switch name {
	case Secret:
		if on && argument == "" {
			return out, errArgument(name, "the beginning of a parameter's name, such as /drover/dev")
		}
	case Address:
		if on && argument == "" {
			return out, errArgument(name, "a name of a load balancer, with or without \":port\"")
		}
		if !on {
			return out, nil
		}
		var err error
		out.addresses, err = b.resolve(argument)
		return out, err
	case Mirror:
		if argument != "" {
			return out, errNoArgument(name, argument)
		}
	default:
		return out, errUnknown(name)
	}
	return out, nil
}

func (b *Book) resolve(argument string) ([]netip.AddrPort, error) {
	name, port := argument, uint16(0)
	if host, text, found := strings.Cut(argument, ":"); found {
		parsed, err := netip.ParseAddrPort("0.0.0.0:" + text)
		if err != nil || parsed.Port() == 0 {
			return nil, errPort(argument)
		}
		name, port = host, parsed.Port()
	}
	found, err := b.Balancer(name)
	if err != nil {
		return nil, err
	}
	out := make([]netip.AddrPort, 0, len(found))
	for _, address := range found {
		out = append(out, netip.AddrPortFrom(address, port))
	}
	return out, nil
}

// List is what is on, in the order in which it began; never nil.
func (b *Book) List() []Entry {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return append([]Entry{}, b.on...)
}

// HidesSecret tells whether a parameter is unknown to machines now.
func (b *Book) HidesSecret(name string) bool {
	return slices.ContainsFunc(b.List(), func(e Entry) bool {
		return e.Name == Secret && strings.HasPrefix(name, e.Argument)
	})
}

// Refused are the addresses that refuse connections now; port 0 means every port.
func (b *Book) Refused() []netip.AddrPort {
	var out []netip.AddrPort
	for _, entry := range b.List() {
		out = append(out, entry.addresses...)
	}
	return out
}
