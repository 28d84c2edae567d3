package main

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// globalScope holds the types that exist once for all regions.
const globalScope = "global"

// chooseScope finds inside what names of this provider are unique: an AWS region, an Azure subscription, a
// Kubernetes cluster, a Rancher.
func (s *server) chooseScope(config tftypes.Value, plain map[string]any) error {
	if s.name == "aws" {
		s.scope = s.region
		return nil
	}
	if s.name == "azurerm" {
		s.scope = s.rules.Subscription
	}
	for _, path := range s.rules.Scopes[s.name] {
		for _, value := range valuesAt(config, path) {
			if !value.IsKnown() {
				s.scopeIsOpen = true
				return nil
			}
			if text, ok := toJSON(value).(string); ok && text != "" {
				scope, err := s.clusterOf(text, plain)
				s.scope = scope
				return err
			}
		}
	}
	return nil
}

// clusterOf names the cluster behind an address. A cluster keeps its name when its load balancer, and so its address,
// is replaced: it is the parameter that published the address, or Rancher's identifier in a proxy's address.
func (s *server) clusterOf(address string, config map[string]any) (string, error) {
	if s.name != "kubernetes" && s.name != "helm" {
		return address, nil
	}
	parsed, err := url.Parse(address)
	if err != nil {
		return "", fmt.Errorf("host %q is not an address: %w", address, err)
	}
	if _, cluster, ok := strings.Cut(parsed.Path, "/k8s/clusters/"); ok {
		return strings.Trim(cluster, "/"), nil
	}
	published, err := s.deployerAt(address)
	if err != nil || published == nil {
		return address, err
	}
	token := textOf(config, "token")
	if s.name == "helm" {
		token, _ = jsonAt(config, "kubernetes.token").(string)
	}
	if token != "" && token != published.credential.Token {
		return "", fmt.Errorf("%s: Unauthorized: the token is not the one that the cluster published to %q", address, published.parameter)
	}
	return published.parameter, nil
}

// scopeOf is the scope of one object.
func (s *server) scopeOf(kind string, attrs map[string]any) string {
	if s.name != "aws" {
		return s.scope
	}
	if s.rules.isGlobal(kind) {
		return globalScope
	}
	if region := textOf(attrs, "region"); region != "" {
		return region
	}
	return s.region
}

// reachable refuses calls that need to know which cluster is meant.
func (s *server) reachable() error {
	if s.scopeIsOpen {
		return fmt.Errorf("the configuration of provider %q holds values that are known only after apply, so there is nothing to call yet", s.name)
	}
	return nil
}
