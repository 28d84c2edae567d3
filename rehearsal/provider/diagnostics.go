package main

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// failure is one error diagnostic about the whole resource.
func failure(format string, args ...any) []*tfprotov6.Diagnostic {
	return []*tfprotov6.Diagnostic{{Severity: tfprotov6.DiagnosticSeverityError, Summary: fmt.Sprintf(format, args...)}}
}

// failureAt is an error diagnostic that points at a top-level argument of a dotted path.
func failureAt(path, summary, detail string) *tfprotov6.Diagnostic {
	top, _, _ := strings.Cut(path, ".")
	return &tfprotov6.Diagnostic{
		Severity:  tfprotov6.DiagnosticSeverityError,
		Summary:   summary,
		Detail:    detail,
		Attribute: tftypes.NewAttributePath().WithAttributeName(top),
	}
}
