package cloud

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"drover/rehearsal/lab/cloud/awsapi"
	"drover/rehearsal/lab/world"
)

func checksum(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

func TestARoleIsRefusedWhatItDoesNotGrant(t *testing.T) {
	l := start(t)
	for _, c := range []struct {
		name, address, script string
		wanted                []string
	}{
		{"another cluster's secret", workerAddress, "ssm_get /drover/dev/management/join",
			[]string{"AccessDeniedException", "User: arn:aws:sts::123456789012:assumed-role/" + workers + "/" + workerID,
				"is not authorized to perform: ssm:GetParameter on resource: arn:aws:ssm:eu-west-1:123456789012:parameter/drover/dev/management/join"}},
		{"a parameter that is not there", workerAddress, "ssm_get /none", []string{"AccessDeniedException"}},
		{"a write to what it may only read", workerAddress, "ssm_put /drover/dev/shop/registration-token x", []string{"AccessDeniedException", "ssm:PutParameter"}},
		{"a server's write to the join secret", serverAddress, "ssm_put /drover/dev/management/join x", []string{"AccessDeniedException"}},
		{"another tag", workerAddress, "ec2_tag Name x || { aws_query ec2 2016-11-15 CreateTags ResourceId.1=$(instance_id) Tag.1.Key=Name Tag.1.Value=x; exit 1; }",
			[]string{"UnauthorizedOperation", "ec2:CreateTags"}},
		{"another tag beside its own", workerAddress, "aws_query ec2 2016-11-15 CreateTags ResourceId.1=$(instance_id) Tag.1.Key=drover:bootstrap Tag.1.Value=x Tag.2.Key=Name Tag.2.Value=x",
			[]string{"UnauthorizedOperation"}},
		{"the tag of another cluster's machine", workerAddress, "aws_query ec2 2016-11-15 CreateTags ResourceId.1=" + serverID + " Tag.1.Key=drover:bootstrap Tag.1.Value=x",
			[]string{"UnauthorizedOperation", "instance/" + serverID}},
		{"the hook of another group", workerAddress, "ASG_NAME=drover-dev-shop-ingress complete_lifecycle_action joined CONTINUE",
			[]string{"AccessDenied", "autoscaling:CompleteLifecycleAction"}},
		{"a heartbeat, which no role grants", workerAddress, "aws_query autoscaling 2011-01-01 RecordLifecycleActionHeartbeat AutoScalingGroupName=" + workers + " LifecycleHookName=joined InstanceId=" + workerID,
			[]string{"AccessDenied", "autoscaling:RecordLifecycleActionHeartbeat"}},
		{"its own health, which no role grants", workerAddress, "aws_query autoscaling 2011-01-01 SetInstanceHealth HealthStatus=Unhealthy InstanceId=" + workerID,
			[]string{"AccessDenied", "autoscaling:SetInstanceHealth"}},
		{"an object in a bucket that it may not write", workerAddress, `echo x >"$HOME/f"; s3_put drover-dev-management-identity-4fe83d openid/v1/jwks "$HOME/f"`,
			[]string{"<Code>AccessDenied</Code>", "s3:PutObject"}},
		{"another object beside the documents", serverAddress, `echo x >"$HOME/f"; s3_put drover-dev-management-identity-4fe83d index.html "$HOME/f"`,
			[]string{"<Code>AccessDenied</Code>"}},
		{"an object that is not there and may not be listed", workerAddress, `curl_setting header "X-Amz-Content-Sha256: ` + checksum(nil) + `" | aws_signed s3 '` + strings.Replace(bundleURL, bundleVersion, "none", 1) + `'`,
			[]string{"<Code>AccessDenied</Code>", "s3:ListBucket"}},
		{"a bucket that is not there", workerAddress, `curl_setting header "X-Amz-Content-Sha256: ` + checksum(nil) + `" | aws_signed s3 https://none.s3.eu-west-1.amazonaws.com/x`,
			[]string{"<Code>NoSuchBucket</Code>"}},
		{"an operation that is not known", workerAddress, "aws_json ssm AmazonSSM.SendCommand '{}'", []string{"UnknownOperationException"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, problems, code := l.shell(t, c.address, c.script)
			if code == 0 {
				t.Errorf("was not refused: %s", out)
			}
			contains(t, "answer", out+problems, c.wanted...)
		})
	}
	contains(t, "log", l.log.String(), `"msg":"call refused"`, `"code":"AccessDeniedException"`, `"instance":"`+workerID+`"`)
	if len(l.told) != 0 {
		t.Errorf("the fleet was told %v", l.told)
	}
}

func TestTheKeyMustBeGrantedBesideTheParameter(t *testing.T) {
	l := start(t)
	policy, err := l.world.Find("aws_iam_role_policy", "drover-dev-management-servers:machine")
	must(t, err)
	text := world.Text(policy, "policy")
	policy.Attrs["policy"] = strings.Replace(text, "ssm.eu-west-1.amazonaws.com", "sqs.eu-west-1.amazonaws.com", 1)
	if policy.Attrs["policy"] == text {
		t.Fatal("the role's policy names no service for its key")
	}
	must(t, l.world.Put(policy))
	_, problems, code := l.shell(t, serverAddress, "ssm_get /drover/dev/management/join")
	equal(t, "exit code", code, 1)
	contains(t, "stderr", problems, "AccessDeniedException", "kms:Decrypt")
}

func TestTheNetworksEndpointLimitsWhoCalls(t *testing.T) {
	l := start(t)
	endpoints, err := l.world.List("aws_vpc_endpoint")
	must(t, err)
	for _, endpoint := range endpoints {
		endpoint.Attrs["policy"] = strings.ReplaceAll(world.Text(endpoint, "policy"), "123456789012", "999999999999")
		must(t, l.world.Put(endpoint))
	}
	_, problems, _ := l.shell(t, serverAddress, "ssm_get /drover/dev/management/join")
	contains(t, "stderr", problems, "AccessDeniedException", "no VPC endpoint policy allows the ssm:GetParameter action")
}

func TestAHookThatWaitsForNothingIsNotAnError(t *testing.T) {
	l := start(t)
	l.answer = awsapi.NoActiveAction(workerID)
	_, problems, code := l.shell(t, workerAddress, "complete_lifecycle_action joined CONTINUE", "ASG_NAME="+workers)
	equal(t, "exit code", code, 0)
	contains(t, "stderr", problems, "waits for nothing at hook 'joined' any more")
}

// signed makes one call with changed credentials.
const signed = `
answer=$(imds meta-data/iam/security-credentials/` + workers + `)
key=$(credential AccessKeyId "$answer") secret=$(credential SecretAccessKey "$answer") token=$(credential Token "$answer")
call() {
  curl --silent --show-error --fail-with-body --user "$key:$secret" --header "X-Amz-Security-Token: $token" \
    --header 'X-Amz-Target: AmazonSSM.GetParameter' --header 'Content-Type: application/x-amz-json-1.1' \
    --data '{"Name":"/drover/dev/shop/registration-token","WithDecryption":true}' --aws-sigv4 "aws:amz:${SIGN_REGION:-$REGION}:ssm" "$@" https://ssm.eu-west-1.amazonaws.com/
}
`

func TestSignaturesAreProved(t *testing.T) {
	l := start(t)
	for name, c := range map[string]struct{ script, wanted string }{
		"the right one":               {"call", `"Value":"a secret`},
		"a wrong secret":              {"secret=x${secret:1}; call", "InvalidSignatureException"},
		"a wrong key":                 {"key=ASIAAAAAAAAAAAAAAAAA; call", "UnrecognizedClientException"},
		"a forged token":              {"token=x$token; call", "UnrecognizedClientException"},
		"another region":              {"SIGN_REGION=eu-west-3 call", "InvalidSignatureException"},
		"a header changed on the way": {"call --header 'X-Amz-Target;'", "InvalidSignatureException"},
		"a clock that is late":        {"call --header \"X-Amz-Date: $(date --utc --date '-16 minutes' +%Y%m%dT%H%M%SZ)\"", "Signature expired"},
		"a clock that is early":       {"call --header \"X-Amz-Date: $(date --utc --date '16 minutes' +%Y%m%dT%H%M%SZ)\"", "Signature expired"},
		"none": {"curl -sS --fail-with-body -H 'X-Amz-Target: AmazonSSM.GetParameter' -d '{}' https://ssm.eu-west-1.amazonaws.com/",
			"MissingAuthenticationTokenException"},
	} {
		t.Run(name, func(t *testing.T) {
			out, problems, _ := l.shell(t, workerAddress, signed+c.script)
			contains(t, problems, out, c.wanted)
		})
	}
}

func TestCredentialsDoNotWorkForAnotherBody(t *testing.T) {
	l := start(t)
	out, _, code := l.shell(t, serverAddress, `echo y >"$HOME/f"; {
	  curl_setting request PUT
	  curl_setting header "X-Amz-Content-Sha256: `+checksum([]byte("x\n"))+`"
	  curl_setting data-binary "@$HOME/f"
	} | aws_signed s3 https://drover-dev-management-identity-4fe83d.s3.eu-west-1.amazonaws.com/openid/v1/jwks`)
	equal(t, "exit code", code, 22)
	contains(t, "answer", out, "XAmzContentSHA256Mismatch")
}
