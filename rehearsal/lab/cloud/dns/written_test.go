package dns

import (
	"testing"

	"drover/rehearsal/lab/network"
	"drover/rehearsal/lab/world"
)

func TestNamesOfADataCentreLeadWherePeopleHaveWritten(t *testing.T) {
	w := world.Open(t.TempDir())
	err := w.Put(&world.Object{Type: siteKind, ID: "hall", Scope: "metal", Attrs: map[string]any{
		"vault": "https://vault.example.com:8200",
		"names": map[string]any{"rancher.lab.example.com": "10.40.0.5", "*.plant.lab.example.com": "10.40.0.6"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	names := &LabNames{World: w}
	for name, want := range map[string]string{
		"rancher.lab.example.com": "10.40.0.5", "shop.plant.lab.example.com": "10.40.0.6", "vault.example.com": network.Vault.String(),
		"plant.lab.example.com": "", "a.b.plant.lab.example.com": "",
	} {
		found, exists, err := names.written(name)
		got := ""
		if exists && len(found.Addresses) == 1 {
			got = found.Addresses[0].String()
		}
		if got != want || err != nil {
			t.Errorf("%s: %q, %v, expected %q", name, got, err, want)
		}
	}
}
