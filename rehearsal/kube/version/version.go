// Package version holds the RKE2 release that this binary stands in for.
package version

// Version is set when the archive is packed (-ldflags -X), for example v1.35.7+rke2r1.
var Version = "v0.0.0+rke2r0"

// Source is a digest of the module's sources, set when the archive is packed. RKE2 prints its commit there.
var Source = "unpacked"
