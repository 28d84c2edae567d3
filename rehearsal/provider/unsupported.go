package main

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// What the program under rehearsal has no use for answers that it is not there, instead of ending the process.

// GetResourceIdentitySchemas has none.
func (s *server) GetResourceIdentitySchemas(context.Context, *tfprotov6.GetResourceIdentitySchemasRequest) (*tfprotov6.GetResourceIdentitySchemasResponse, error) {
	return &tfprotov6.GetResourceIdentitySchemasResponse{IdentitySchemas: map[string]*tfprotov6.ResourceIdentitySchema{}}, nil
}

// UpgradeResourceIdentity refuses.
func (s *server) UpgradeResourceIdentity(_ context.Context, request *tfprotov6.UpgradeResourceIdentityRequest) (*tfprotov6.UpgradeResourceIdentityResponse, error) {
	return &tfprotov6.UpgradeResourceIdentityResponse{Diagnostics: s.unsupported("resource identity of " + request.TypeName)}, nil
}

// MoveResourceState refuses: moves between types are not simulated.
func (s *server) MoveResourceState(_ context.Context, request *tfprotov6.MoveResourceStateRequest) (*tfprotov6.MoveResourceStateResponse, error) {
	return &tfprotov6.MoveResourceStateResponse{Diagnostics: s.unsupported("a move to " + request.TargetTypeName)}, nil
}

// GenerateResourceConfig refuses.
func (s *server) GenerateResourceConfig(_ context.Context, request *tfprotov6.GenerateResourceConfigRequest) (*tfprotov6.GenerateResourceConfigResponse, error) {
	return &tfprotov6.GenerateResourceConfigResponse{Diagnostics: s.unsupported("a generated configuration of " + request.TypeName)}, nil
}

// GetFunctions has none.
func (s *server) GetFunctions(context.Context, *tfprotov6.GetFunctionsRequest) (*tfprotov6.GetFunctionsResponse, error) {
	return &tfprotov6.GetFunctionsResponse{Functions: map[string]*tfprotov6.Function{}}, nil
}

// CallFunction refuses.
func (s *server) CallFunction(_ context.Context, request *tfprotov6.CallFunctionRequest) (*tfprotov6.CallFunctionResponse, error) {
	text := fmt.Sprintf("the simulated provider %q does not support function %q", s.name, request.Name)
	return &tfprotov6.CallFunctionResponse{Error: &tfprotov6.FunctionError{Text: text}}, nil
}

func (s *server) unsupported(what string) []*tfprotov6.Diagnostic {
	return failure("the simulated provider %q does not support %s", s.name, what)
}
