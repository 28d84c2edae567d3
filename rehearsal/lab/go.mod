module drover/rehearsal/lab

go 1.25.0

require (
	drover/rehearsal/rancher v0.0.0
	github.com/miekg/dns v1.1.68
	golang.org/x/crypto v0.46.0
	golang.org/x/sys v0.39.0
)

require (
	golang.org/x/mod v0.24.0 // indirect
	golang.org/x/net v0.47.0 // indirect
	golang.org/x/sync v0.14.0 // indirect
	golang.org/x/tools v0.33.0 // indirect
)

replace drover/rehearsal/rancher => ../rancher
