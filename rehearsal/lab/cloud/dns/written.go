package dns

import (
	"net/netip"
	"net/url"
	"strings"

	"drover/rehearsal/lab/network"
	"drover/rehearsal/lab/world"
)

// siteKind is a data centre; rehearsal/hosts/metal-machines.ts puts it into the world with the names that people have
// written for it, and with the address of its Vault.
const siteKind = "metal_site"

// written answers names of data centres: the name itself before a wildcard.
func (n *LabNames) written(name string) (Records, bool, error) {
	sites, err := n.World.List(siteKind)
	if err != nil {
		return Records{}, false, err
	}
	_, parent, _ := strings.Cut(name, ".")
	for _, site := range sites {
		if vault, err := url.Parse(world.Text(site, "vault")); err == nil && strings.EqualFold(vault.Hostname(), name) {
			return Records{Addresses: []netip.Addr{network.Vault}}, true, nil
		}
		names := world.Texts(site, "names")
		target := names[name]
		if target == "" {
			target = names["*."+parent]
		}
		if address, err := netip.ParseAddr(target); err == nil {
			return Records{Addresses: []netip.Addr{address}}, true, nil
		}
	}
	return Records{}, false, nil
}
