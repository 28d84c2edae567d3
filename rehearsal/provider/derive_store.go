package main

import (
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"os"
	"strings"
)

// longest value of a parameter of the standard tier.
// https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html
const standardParameterLimit = 4096

func deriveParameter(m *making) error {
	value := displayed(m.arguments["value"]) + displayed(m.arguments["insecure_value"])
	config := objectJSON(m.config)
	if text := displayed(config["value_wo"]); text != "" {
		value = text
		m.chosen["value"], m.chosen["insecure_value"] = nil, nil
	}
	if config["value"] != nil {
		m.chosen["insecure_value"] = nil
	}
	if config["insecure_value"] != nil {
		m.chosen["value"] = nil
	}
	if value == "" {
		return fmt.Errorf("ValidationException: the value of parameter %q must have a length of at least 1", m.name())
	}
	tier := displayed(m.arguments["tier"])
	if len(value) > standardParameterLimit && (tier == "" || tier == "Standard") {
		return fmt.Errorf("ValidationException: Standard tier parameters support a maximum parameter value of %d characters, got %d", standardParameterLimit, len(value))
	}
	m.choose("arn", parameterARN(m.server.rules.Account, m.region, m.name()))
	if m.arguments["type"] == "SecureString" {
		m.choose("key_id", "alias/aws/ssm")
	} else {
		m.chosen["key_id"] = nil
	}
	return nil
}

// deriveObject reads what is uploaded: its MD5 is the entity tag. Only the tag is kept.
func deriveObject(m *making) error {
	body, err := objectBody(m.arguments)
	if err != nil {
		return err
	}
	sum := md5.Sum(body)
	m.choose("etag", hex.EncodeToString(sum[:]))
	versioned, err := m.isVersioned(displayed(m.arguments["bucket"]))
	if err != nil {
		return err
	}
	if !versioned {
		m.chosen["version_id"] = ""
	}
	return nil
}

func objectBody(arguments map[string]any) ([]byte, error) {
	if file := displayed(arguments["source"]); file != "" {
		body, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("opening S3 object source (%s): %w", file, err)
		}
		return body, nil
	}
	if encoded := displayed(arguments["content_base64"]); encoded != "" {
		body, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil {
			return nil, fmt.Errorf("decoding content_base64: %w", err)
		}
		return body, nil
	}
	return []byte(displayed(arguments["content"])), nil
}

func (m *making) isVersioned(bucket string) (bool, error) {
	switches, err := m.server.world.all("aws_s3_bucket_versioning")
	if err != nil {
		return false, err
	}
	for _, one := range switches {
		if one.Attrs["bucket"] == bucket {
			return jsonAt(one.Attrs, "versioning_configuration.0.status") == "Enabled", nil
		}
	}
	return false, nil
}

func deriveRecord(m *making) error {
	m.choose("fqdn", strings.ToLower(strings.TrimSuffix(displayed(m.arguments["name"]), ".")))
	if m.arguments["set_identifier"] != nil {
		m.choose("id", m.expand("{attr:zone_id}_{attr:name}_{attr:type}_{attr:set_identifier}", ""))
	}
	return nil
}

// deriveIdentityProvider: the ARN holds the issuer without its scheme.
func deriveIdentityProvider(m *making) error {
	issuer := strings.TrimPrefix(displayed(m.arguments["url"]), "https://")
	arn := m.expand("arn:aws:iam::{account}:oidc-provider/", "") + issuer
	m.choose("arn", arn)
	m.choose("id", arn)
	return nil
}

// deriveAssociation refuses a document that does not exist; Amazon's own begin with "AWS-".
func deriveAssociation(m *making) error {
	name := displayed(m.arguments["name"])
	if strings.HasPrefix(name, "AWS-") || strings.HasPrefix(name, "arn:") {
		return nil
	}
	document, err := m.object("aws_ssm_document", name)
	if err != nil {
		return err
	}
	if document == nil {
		return fmt.Errorf("InvalidDocument: document %q does not exist", name)
	}
	m.choose("document_version", document.Attrs["default_version"])
	return nil
}
