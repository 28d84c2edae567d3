module drover/rehearsal/app

go 1.25.0
