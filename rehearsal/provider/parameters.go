package main

import (
	"encoding/json"
	"strings"
)

// parameterValue is what the store answers for a parameter: the last written value, whoever wrote it.
func parameterValue(r *record) string {
	if r.Type == "vault_kv_secret_v2" {
		data, err := kvData(r)
		if err != nil {
			return ""
		}
		return displayed(data["value"])
	}
	for _, value := range []any{r.Secrets["value_wo"], r.Attrs["value"], r.Attrs["insecure_value"]} {
		if text := displayed(value); text != "" {
			return text
		}
	}
	return ""
}

// deployment is a published credential and what holds it.
type deployment struct {
	parameter  string
	credential credential
}

// deployerAt finds the cluster whose credential names an address.
func (s *server) deployerAt(address string) (*deployment, error) {
	for _, kind := range []string{"aws_ssm_parameter", "azurerm_key_vault_secret", "vault_kv_secret_v2"} {
		parameters, err := s.world.all(kind)
		if err != nil {
			return nil, err
		}
		for _, parameter := range parameters {
			value := parameterValue(parameter)
			if !strings.Contains(value, address) {
				continue
			}
			var found credential
			if json.Unmarshal([]byte(value), &found) == nil && found.Host == address {
				// Its key, since a vault's secret has another identifier with every version.
				return &deployment{parameter: parameter.key(), credential: found}, nil
			}
		}
	}
	return nil, nil
}
