package cloud

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"drover/rehearsal/lab/world"
)

func TestAMachineReadsASecureParameterThatItsRoleGrants(t *testing.T) {
	l := start(t)
	out, problems, code := l.shell(t, serverAddress, "ssm_get /drover/dev/management/join")
	equal(t, "exit code", code, 0)
	equal(t, "value", out, "a secret with \"quotes\"\n")
	equal(t, "stderr", problems, "")
}

func TestAMachineOverwritesAParameterAsTerraformCanReadIt(t *testing.T) {
	l := start(t)
	value := "{\"host\":\"a\\b\"}\nsecond line + & %41 ä"
	_, problems, code := l.shell(t, serverAddress, `ssm_put /drover/dev/management/deployer "$VALUE"; ssm_get /drover/dev/management/deployer >"$HOME/got"; [ "$(cat "$HOME/got")" = "$VALUE" ]`,
		"VALUE="+value, "KMS_KEY_ID=arn:aws:kms:eu-west-1:123456789012:key/"+siteKey)
	equal(t, "exit code ("+problems+")", code, 0)
	object, err := l.world.Find("aws_ssm_parameter", "/drover/dev/management/deployer")
	must(t, err)
	equal(t, "value", object.Secrets["value_wo"], value)
	equal(t, "version that the cloud has", object.Live["version"], 2)
	equal(t, "version that Terraform knows", world.Text(object, "version"), 1)
	equal(t, "key", world.Text(object, "key_id"), "arn:aws:kms:eu-west-1:123456789012:key/"+siteKey)
}

func TestTheMarkerIsCreatedOnce(t *testing.T) {
	l := start(t)
	const marker = "/drover/dev/management/cluster-initialised"
	script := `ssm_put_new ` + marker + ` abc`
	_, problems, code := l.shell(t, serverAddress, script)
	equal(t, "first ("+problems+")", code, 0)
	_, problems, code = l.shell(t, serverAddress, script)
	equal(t, "second ("+problems+")", code, 4)
	out, _, _ := l.shell(t, serverAddress, "ssm_get "+marker)
	equal(t, "value", out, "abc\n")
	files, err := filepath.Glob(filepath.Join(l.dir, "world/aws_ssm_parameter/_drover_dev_management_cluster-initialised~*.json"))
	must(t, err)
	equal(t, "files", len(files), 1)
	raw, err := os.ReadFile(files[0])
	must(t, err)
	var record struct {
		Provider string
		Scope    string
		Attrs    map[string]any
	}
	must(t, json.Unmarshal(raw, &record))
	equal(t, "owner", record.Provider, "machine")
	equal(t, "scope", record.Scope, "eu-west-1")
	equal(t, "arn", record.Attrs["arn"], "arn:aws:ssm:eu-west-1:123456789012:parameter"+marker)
	equal(t, "type", record.Attrs["type"], "String")
}

func TestTheFetcherGetsItsBundleAndStartsTheRunner(t *testing.T) {
	l := start(t)
	root := t.TempDir()
	must(t, os.MkdirAll(filepath.Join(root, "etc/drover"), 0o755))
	// the test's bundle is no archive: the fetcher must prove its checksum and fail at unpacking, after the download
	environment := "BUNDLE_URL='" + bundleURL + "'\nBUNDLE_SHA256='" + checksum(bundle) + "'\nREGION='eu-west-1'\nFETCH_DEADLINE_SEC='1'\n"
	must(t, os.WriteFile(filepath.Join(root, "etc/drover/bootstrap.env"), []byte(environment), 0o600))
	// the machine's systemd is not this computer's
	must(t, os.WriteFile(filepath.Join(root, "systemctl"), []byte("#!/bin/sh\n"), 0o755))
	_, problems, _ := l.run(t, workerAddress, "bash", []string{"../../../userdata/fetch.sh"}, "DROVER_ROOT="+root,
		"PATH="+root+":"+os.Getenv("PATH"))
	got, err := os.ReadFile(filepath.Join(root, "opt/drover/bundle.tar"))
	must(t, err)
	equal(t, "bundle ("+problems+")", string(got), string(bundle))
	contains(t, "stderr", problems, "tar:")
	contains(t, "log", l.log.String(), `"operation":"GetObject"`, `"instance":"`+workerID+`"`)
}

func TestAnOlderBundleStaysReadableAfterANewOne(t *testing.T) {
	l := start(t)
	object, err := l.world.Find("aws_s3_object", "drover-dev-eu-bundle-4fe83d/bootstrap.tar")
	must(t, err)
	_, problems, code := l.shell(t, workerAddress, "aws_signed s3 '"+bundleURL+"' <<<''  >/dev/null")
	// without its checksum S3 refuses
	equal(t, "exit code", code, 22)
	contains(t, "stderr", problems, "400")
	path := filepath.Join(l.dir, "cdktf.out/stacks/dev-eu-network", world.Text(object, "source"))
	must(t, os.WriteFile(path, []byte("new"), 0o644))
	object.Attrs["version_id"], object.Attrs["source_hash"] = "second", checksum([]byte("new"))
	must(t, l.world.Put(object))
	must(t, l.importObjects())
	for version, want := range map[string]string{bundleVersion: string(bundle), "second": "new"} {
		url := strings.Replace(bundleURL, bundleVersion, version, 1)
		out, problems, code := l.shell(t, workerAddress, `curl_setting header "X-Amz-Content-Sha256: `+checksum(nil)+`" | aws_signed s3 '`+url+`'`)
		equal(t, "exit code ("+problems+")", code, 0)
		equal(t, version, out, want)
	}
}

func TestAServerPublishesItsIssuerAndEverybodyReadsIt(t *testing.T) {
	l := start(t)
	const bucket, key = "drover-dev-management-identity-4fe83d", ".well-known/openid-configuration"
	_, problems, code := l.shell(t, serverAddress, `printf '{"issuer":"x"}' >"$HOME/f"; s3_put `+bucket+" "+key+` "$HOME/f"`)
	equal(t, "put ("+problems+")", code, 0)
	out, problems, code := l.run(t, workerAddress, "curl", []string{"-sS", "--fail-with-body", "https://" + bucket + ".s3.eu-west-1.amazonaws.com/" + key})
	equal(t, "anonymous get ("+problems+")", code, 0)
	equal(t, "document", out, `{"issuer":"x"}`)
	_, _, code = l.run(t, workerAddress, "curl", []string{"-sS", "--fail-with-body", "https://" + bucket + ".s3.eu-west-1.amazonaws.com/other"})
	equal(t, "anonymous get of another object", code, 22)
}

func TestAMachineTagsItselfWithItsBootstrap(t *testing.T) {
	l := start(t)
	_, problems, code := l.shell(t, workerAddress, "ec2_tag drover:bootstrap 'failed: 20-data-disk'")
	equal(t, "exit code ("+problems+")", code, 0)
	equal(t, "tag", l.Machines()[1].Tags["drover:bootstrap"], "failed: 20-data-disk")
}

func TestAMachineAnswersTheHookOfItsGroup(t *testing.T) {
	l := start(t)
	_, problems, code := l.shell(t, workerAddress, "complete_lifecycle_action joined CONTINUE", "ASG_NAME="+workers)
	equal(t, "exit code ("+problems+")", code, 0)
	equal(t, "told", l.told, []string{"complete " + workers + " joined " + workerID + " CONTINUE"})
}

func TestAutoScalingCallsReachTheGroupOnceTheRoleGrantsThem(t *testing.T) {
	l := start(t)
	policy, err := l.world.Find("aws_iam_role_policy", workers+":machine")
	must(t, err)
	policy.Attrs["policy"] = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"autoscaling:*","Resource":"*",
		"Condition":{"StringEquals":{"autoscaling:ResourceTag/drover:node-group":"workers"}}}}`
	must(t, l.world.Put(policy))
	_, problems, code := l.shell(t, workerAddress, `call() { aws_query autoscaling 2011-01-01 "$@" InstanceId=`+workerID+`; }
		call RecordLifecycleActionHeartbeat AutoScalingGroupName=`+workers+` LifecycleHookName=joined
		call SetInstanceHealth HealthStatus=Unhealthy`)
	equal(t, "exit code ("+problems+")", code, 0)
	equal(t, "told", l.told, []string{"heartbeat " + workers + " joined " + workerID, "health " + workerID + " Unhealthy"})
}
