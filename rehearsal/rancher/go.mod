module drover/rehearsal/rancher

go 1.25.0
