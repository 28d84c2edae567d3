package main

import (
	"bytes"
	"compress/gzip"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"strings"
	"testing"
)

const bootstrapText = `INITIALISER='true'
REGISTRATION_ADDRESS='api.internal'
PUBLISH_CA_HASH='/dev/ca'
PUBLISH_DEPLOYER='/dev/deployer'
CLAIM_INITIALISED='/dev/initialised'
GREETING='it'"'"'s fine'
`

func cloudConfig(environment string) string {
	raw, _ := json.Marshal(j{"write_files": []any{
		j{"path": "/opt/drover/fetch.sh", "content": "#!"},
		j{"path": "/etc/drover/bootstrap.env", "content": environment},
	}})
	return "#cloud-config\n" + string(raw)
}

// server1 is a machine with user data and the association that waits for it.
func associate(t *testing.T, s *server, userData string) (*resource, string) {
	t.Helper()
	s.make(t, "aws_ssm_document", nil, j{"name": "wait", "document_type": "Command", "content": "{}"})
	machine := s.make(t, "aws_instance", nil, j{"ami": "ami-1", "instance_type": "m7i.large", "user_data_base64": userData})
	return s.tryApply(t, "aws_ssm_association", nil, j{"name": "wait", "targets": []any{j{"key": "InstanceIds", "values": []any{machine.id()}}}})
}

func pending(t *testing.T, s *server, name string) *resource {
	t.Helper()
	return s.make(t, "aws_ssm_parameter", nil, j{"name": name, "type": "SecureString", "value_wo": "pending", "value_wo_version": 1})
}

func (s *server) read1(t *testing.T, parameter *resource) string {
	t.Helper()
	out, problem := s.ephemeral(t, "aws_ssm_parameter", j{"arn": displayed(parameter.attribute("arn"))})
	if problem != "" {
		t.Fatal(problem)
	}
	return displayed(out["value"])
}

func TestReadinessPublishesWhatTheMachineWould(t *testing.T) {
	s := aws(t)
	hash, deployer := pending(t, s, "/dev/ca"), pending(t, s, "/dev/deployer")
	equal(t, "before", s.read1(t, hash), "pending")
	if _, problem := associate(t, s, base64.StdEncoding.EncodeToString([]byte(cloudConfig(bootstrapText)))); problem != "" {
		t.Fatal(problem)
	}
	var got credential
	must(t, json.Unmarshal([]byte(s.read1(t, deployer)), &got))
	equal(t, "host", got.Host, "https://api.internal:6443")
	equal(t, "parts of the token", len(strings.Split(got.Token, ".")), 3)
	equal(t, "hash of the authority", s.read1(t, hash), longHash(got.CA))
	block, _ := pem.Decode([]byte(got.CA))
	certificate, err := x509.ParseCertificate(block.Bytes)
	must(t, err)
	must(t, certificate.CheckSignatureFrom(certificate))

	equal(t, "no drift", s.refresh(t, deployer).attribute("version"), 1)
	state := s.objects(t, "aws_ssm_parameter")[1]
	equal(t, "version in the cloud", state.Live["version"], 2)
}

func TestReadinessUnpacksUserData(t *testing.T) {
	s := aws(t)
	hash := pending(t, s, "/dev/ca")
	pending(t, s, "/dev/deployer")
	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	_, err := writer.Write([]byte(cloudConfig(bootstrapText)))
	must(t, err)
	must(t, writer.Close())
	if _, problem := associate(t, s, base64.StdEncoding.EncodeToString(packed.Bytes())); problem != "" {
		t.Fatal(problem)
	}
	equal(t, "length of the hash", len(s.read1(t, hash)), 64)
}

func TestReadinessFailsWhereTerraformDidNotCreateTheParameter(t *testing.T) {
	s := aws(t)
	pending(t, s, "/dev/ca")
	made, problem := associate(t, s, base64.StdEncoding.EncodeToString([]byte(cloudConfig(bootstrapText))))
	if !strings.Contains(problem, "PUBLISH_DEPLOYER: ParameterNotFound: /dev/deployer") {
		t.Errorf("got %q", problem)
	}
	if made == nil {
		t.Error("a failed association is tainted, not absent")
	}
}

func TestReadinessOfAJoiningServerPublishesNothing(t *testing.T) {
	s := aws(t)
	hash := pending(t, s, "/dev/ca")
	text := strings.Replace(bootstrapText, "INITIALISER='true'", "INITIALISER='false'", 1)
	if _, problem := associate(t, s, base64.StdEncoding.EncodeToString([]byte(cloudConfig(text)))); problem != "" {
		t.Fatal(problem)
	}
	equal(t, "hash", s.read1(t, hash), "pending")
	equal(t, "parameters", len(s.objects(t, "aws_ssm_parameter")), 1)
}

func TestReadinessRefusesAMachineThatDoesNotExist(t *testing.T) {
	s := aws(t)
	_, problem := s.tryApply(t, "aws_ssm_association", nil, j{"name": "AWS-RunShellScript", "targets": []any{j{"key": "InstanceIds", "values": []any{"i-gone"}}}})
	if !strings.Contains(problem, `InvalidInstanceId: instance "i-gone" does not exist`) {
		t.Errorf("got %q", problem)
	}
}

func TestMarkerOfAnInitialisedClusterIsAdoptedOnlyWithOverwrite(t *testing.T) {
	s := aws(t)
	pending(t, s, "/dev/ca")
	pending(t, s, "/dev/deployer")
	if _, problem := associate(t, s, base64.StdEncoding.EncodeToString([]byte(cloudConfig(bootstrapText)))); problem != "" {
		t.Fatal(problem)
	}
	marker, err := s.world.one("aws_ssm_parameter", "/dev/initialised")
	must(t, err)
	equal(t, "owner of the marker", marker.Provider, machineOwner)
	config := j{"name": "/dev/initialised", "type": "String", "value": "yes"}
	s.refused(t, "aws_ssm_parameter", config, "AlreadyExists", "/dev/initialised")
	config["overwrite"] = true
	adopted := s.make(t, "aws_ssm_parameter", nil, config)
	equal(t, "version", adopted.attribute("version"), 2)
	equal(t, "destroy", s.destroy(t, adopted), "")
}

func TestEnvironmentIsReadAsTheShellWould(t *testing.T) {
	got, err := parseEnvironment(bootstrapText)
	must(t, err)
	equal(t, "quotes", got["GREETING"], "it's fine")
	for _, text := range []string{"A=b", "A='b", "A='it's'", "A"} {
		if _, err := parseEnvironment(text); err == nil || !strings.Contains(err.Error(), "bootstrap.env:1") {
			t.Errorf("%q: got %v", text, err)
		}
	}
}
