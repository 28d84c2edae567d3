package main

import (
	"context"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// server is one simulated provider process.
type server struct {
	name    string
	dir     string
	delay   time.Duration
	hosts   bool // machines really run and speak for themselves
	schemas *schemas
	rules   *rules
	facts   *behaviourDocument
	world   *world
	faults  []fault

	region      string
	scope       string
	scopeIsOpen bool // a part of the configuration that names the scope is not known yet
	defaultTags map[string]any
	features    map[string]any // what Azure's provider is told to do beyond its arguments

	stop     chan struct{}
	stopOnce sync.Once
}

var _ tfprotov6.ProviderServer = (*server)(nil)

func newServer(name, dir string, delay time.Duration) (*server, error) {
	loaded, err := loadSchemas(dir, name)
	if err != nil {
		return nil, err
	}
	return newServerWith(name, dir, delay, loaded)
}

func newServerWith(name, dir string, delay time.Duration, loaded *schemas) (*server, error) {
	s := &server{name: name, dir: dir, delay: delay, schemas: loaded, stop: make(chan struct{})}
	var err error
	if s.rules, err = loadRules(); err != nil {
		return nil, err
	}
	if s.facts, err = loadBehaviour(name); err != nil {
		return nil, err
	}
	if s.faults, err = loadFaults(dir); err != nil {
		return nil, err
	}
	s.region = s.rules.Region
	s.world, err = newWorld(dir)
	return s, err
}

func capabilities() *tfprotov6.ServerCapabilities {
	return &tfprotov6.ServerCapabilities{GetProviderSchemaOptional: true}
}

// GetMetadata lists the types.
func (s *server) GetMetadata(context.Context, *tfprotov6.GetMetadataRequest) (*tfprotov6.GetMetadataResponse, error) {
	out := &tfprotov6.GetMetadataResponse{ServerCapabilities: capabilities()}
	for _, name := range sortedKeys(s.schemas.resources) {
		out.Resources = append(out.Resources, tfprotov6.ResourceMetadata{TypeName: name})
	}
	for _, name := range sortedKeys(s.schemas.data) {
		out.DataSources = append(out.DataSources, tfprotov6.DataSourceMetadata{TypeName: name})
	}
	for _, name := range sortedKeys(s.schemas.ephemeral) {
		out.EphemeralResources = append(out.EphemeralResources, tfprotov6.EphemeralResourceMetadata{TypeName: name})
	}
	return out, nil
}

// GetProviderSchema hands out the schemas.
func (s *server) GetProviderSchema(context.Context, *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	return &tfprotov6.GetProviderSchemaResponse{
		ServerCapabilities:       capabilities(),
		Provider:                 s.schemas.provider,
		ResourceSchemas:          s.schemas.resources,
		DataSourceSchemas:        s.schemas.data,
		EphemeralResourceSchemas: s.schemas.ephemeral,
	}, nil
}

// ValidateProviderConfig accepts what the schema accepts.
func (s *server) ValidateProviderConfig(_ context.Context, request *tfprotov6.ValidateProviderConfigRequest) (*tfprotov6.ValidateProviderConfigResponse, error) {
	return &tfprotov6.ValidateProviderConfigResponse{PreparedConfig: request.Config}, nil
}

// ConfigureProvider takes region, scope and default tags.
func (s *server) ConfigureProvider(_ context.Context, request *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	out := &tfprotov6.ConfigureProviderResponse{}
	value, err := request.Config.Unmarshal(s.schemas.provider.ValueType())
	if err != nil {
		out.Diagnostics = failure("configuration of provider %q: %v", s.name, err)
		return out, nil
	}
	config := objectJSON(value)
	if region := textOf(config, "region"); region != "" {
		s.region = region
	}
	if err := s.chooseScope(value, config); err != nil {
		out.Diagnostics = failure("configuration of provider %q: %v", s.name, err)
		return out, nil
	}
	s.defaultTags, _ = jsonAt(config, "default_tags.0.tags").(map[string]any)
	s.features, _ = jsonAt(config, "features.0").(map[string]any)
	s.record("configure", "", s.scope, "")
	return out, nil
}

// StopProvider lets the object in hand be finished at once; Terraform starts no other.
func (s *server) StopProvider(context.Context, *tfprotov6.StopProviderRequest) (*tfprotov6.StopProviderResponse, error) {
	s.stopOnce.Do(func() { close(s.stop) })
	return &tfprotov6.StopProviderResponse{}, nil
}

// pause waits, but not after a stop.
func (s *server) pause(d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-s.stop:
	}
}

// filler makes the values of one object.
func (s *server) filler(kind, seed string, top map[string]any) *filler {
	region := s.region
	if own := textOf(top, "region"); own != "" {
		region = own
	}
	return &filler{
		rules: s.rules, kind: kind, seed: seed, region: region, scope: s.scope, top: top, chosen: map[string]any{},
	}
}
