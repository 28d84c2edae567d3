package component

import (
	_ "embed"

	"drover/rehearsal/kube/layout"
)

//go:embed admission.yaml
var admission []byte

// AdmissionFile is where the pod security of a hardened server lies.
func AdmissionFile(data layout.Data) string { return data.Server("rke2-pss.yaml") }

// WriteAdmission writes the pod security of RKE2's profile cis.
func WriteAdmission(data layout.Data) error {
	return layout.Write(AdmissionFile(data), admission, 0o600)
}
