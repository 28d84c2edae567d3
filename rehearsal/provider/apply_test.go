package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

func TestApplyGivesIdentifiersTheirRealForm(t *testing.T) {
	s := aws(t)
	vpc, subnet := s.network(t)
	balancer := s.make(t, "aws_lb", nil, j{"name": "api", "load_balancer_type": "network", "subnets": []any{subnet.id()}})
	secret := s.make(t, "aws_secretsmanager_secret", nil, j{"name": "token"})
	parameter := s.make(t, "aws_ssm_parameter", nil, j{"name": "/drover/dev/token", "type": "String", "value": "x"})
	bucket := s.make(t, "aws_s3_bucket", nil, j{"bucket_prefix": "logs-"})
	for text, form := range map[string]string{
		vpc.id():                        `^vpc-[0-9a-f]{17}$`,
		subnet.id():                     `^subnet-[0-9a-f]{17}$`,
		displayed(vpc.attribute("arn")): `^arn:aws:ec2:eu-west-1:\d{12}:vpc/vpc-`,
		balancer.id():                   `^arn:aws:elasticloadbalancing:eu-west-1:\d{12}:loadbalancer/net/api/[0-9a-f]{16}$`,
		displayed(balancer.attribute("dns_name")): `^api-[0-9a-f]{16}\.elb\.eu-west-1\.amazonaws\.com$`,
		secret.id():                           `^arn:aws:secretsmanager:eu-west-1:\d{12}:secret:token-[0-9a-f]{6}$`,
		displayed(parameter.attribute("arn")): `^arn:aws:ssm:eu-west-1:\d{12}:parameter/drover/dev/token$`,
		bucket.id():                           `^logs-[0-9a-f]{20}$`,
	} {
		if !regexp.MustCompile(form).MatchString(text) {
			t.Errorf("%q does not match %s", text, form)
		}
	}
	equal(t, "vpc of the balancer", balancer.attribute("vpc_id"), vpc.id())
}

func TestApplyIsTheSameInTwoEqualWorlds(t *testing.T) {
	ids := map[string]bool{}
	for range 2 {
		s := aws(t)
		vpc, subnet := s.network(t)
		ids[vpc.id()+subnet.id()] = true
		if twin := s.make(t, "aws_vpc", nil, j{"cidr_block": "10.20.0.0/16"}); twin.id() == vpc.id() {
			t.Error("two equal objects have one identifier")
		}
	}
	equal(t, "identifiers of two worlds", len(ids), 1)
}

func TestApplyNeverGivesAnIdentifierTwice(t *testing.T) {
	s := aws(t)
	first := s.make(t, "aws_vpc", nil, j{"cidr_block": "10.0.0.0/16"})
	equal(t, "destroy", s.destroy(t, first), "")
	if again := s.make(t, "aws_vpc", nil, j{"cidr_block": "10.0.0.0/16"}); again.id() == first.id() {
		t.Errorf("%s came back", first.id())
	}
}

func TestApplyKeepsWriteOnlyValuesInTheWorldAlone(t *testing.T) {
	s := aws(t)
	config := j{"name": "/a", "type": "SecureString", "value_wo": "first", "value_wo_version": 1}
	parameter := s.make(t, "aws_ssm_parameter", nil, config)
	equal(t, "value in state", parameter.attribute("value"), nil)
	equal(t, "has_value_wo", parameter.attribute("has_value_wo"), true)
	equal(t, "value in the world", s.objects(t, "aws_ssm_parameter")[0].Secrets["value_wo"], "first")

	config["value_wo"], config["tags"] = "ignored", j{"a": "b"}
	parameter = s.make(t, "aws_ssm_parameter", parameter, config)
	equal(t, "value without a new version", s.objects(t, "aws_ssm_parameter")[0].Secrets["value_wo"], "first")
	equal(t, "version without a new value", parameter.attribute("version"), 1)

	config["value_wo"], config["value_wo_version"] = "second", 2
	parameter = s.make(t, "aws_ssm_parameter", parameter, config)
	equal(t, "value with a new version", s.objects(t, "aws_ssm_parameter")[0].Secrets["value_wo"], "second")
	equal(t, "version", parameter.attribute("version"), 2)
}

func TestApplyGivesAMachineTheAddressOfItsInterface(t *testing.T) {
	s := aws(t)
	_, subnet := s.network(t)
	card := s.make(t, "aws_network_interface", nil, j{"subnet_id": subnet.id(), "private_ips": []any{"10.20.1.10"}})
	config := j{"ami": "ami-1", "instance_type": "m7i.large", "primary_network_interface": []any{j{"network_interface_id": card.id()}}}
	machine := s.make(t, "aws_instance", nil, config)
	equal(t, "private_ip", machine.attribute("private_ip"), "10.20.1.10")
	equal(t, "private_dns", machine.attribute("private_dns"), "ip-10-20-1-10.eu-west-1.compute.internal")
	equal(t, "subnet_id", machine.attribute("subnet_id"), subnet.id())
	equal(t, "availability_zone", machine.attribute("availability_zone"), "eu-west-1a")

	config["ami"] = "ami-2"
	s.refused(t, "aws_instance", config, "network_interface_id", "in use")
	if problem := s.destroy(t, card); !strings.Contains(problem, "DependencyViolation") {
		t.Errorf("an interface in use was deleted: %q", problem)
	}
}

func TestApplyRefusesWhatTheCloudRefuses(t *testing.T) {
	s := aws(t)
	vpc, subnet := s.network(t)
	s.make(t, "aws_network_interface", nil, j{"subnet_id": subnet.id(), "private_ips": []any{"10.20.1.10"}})
	s.make(t, "aws_launch_template", nil, j{"name": "workers"})
	template := s.objects(t, "aws_launch_template")[0].ID
	machine := s.make(t, "aws_instance", nil, j{"ami": "ami-1", "subnet_id": subnet.id()})
	volume := s.make(t, "aws_ebs_volume", nil, j{"availability_zone": "eu-west-1b", "size": 10})
	cases := []struct {
		name, kind string
		config     j
		says       []string
	}{
		{"a network that does not exist", "aws_subnet", j{"vpc_id": "vpc-00000000000000000", "cidr_block": "10.20.9.0/24"}, []string{"NotFound", "vpc_id", "vpc-00000000000000000"}},
		{"a subnet outside its network", "aws_subnet", j{"vpc_id": vpc.id(), "cidr_block": "10.21.0.0/24"}, []string{"InvalidSubnet.Range", "10.20.0.0/16"}},
		{"a subnet over another", "aws_subnet", j{"vpc_id": vpc.id(), "cidr_block": "10.20.1.128/25"}, []string{"InvalidSubnet.Conflict", subnet.id()}},
		{"an address outside its subnet", "aws_network_interface", j{"subnet_id": subnet.id(), "private_ips": []any{"10.20.2.4"}}, []string{"InvalidParameterValue", "10.20.2.4"}},
		{"an address twice", "aws_network_interface", j{"subnet_id": subnet.id(), "private_ips": []any{"10.20.1.10"}, "description": "two"}, []string{"AlreadyExists", "10.20.1.10"}},
		{"a name twice", "aws_launch_template", j{"name": "workers", "description": "two"}, []string{"AlreadyExists", "workers"}},
		{"a template's missing version", "aws_autoscaling_group", j{"name": "w", "min_size": 1, "max_size": 1, "launch_template": []any{j{"id": template, "version": "7"}}}, []string{"no version \"7\""}},
		{"a volume in another zone", "aws_volume_attachment", j{"device_name": "/dev/sdf", "instance_id": machine.id(), "volume_id": volume.id()}, []string{"InvalidVolume.ZoneMismatch"}},
		{"a document that does not exist", "aws_ssm_association", j{"name": "wait"}, []string{"InvalidDocument", "wait"}},
		{"a value over the standard tier", "aws_ssm_parameter", j{"name": "/long", "type": "String", "value": strings.Repeat("x", 4097)}, []string{"ValidationException", "4096", "4097"}},
		{"a file that is not there", "aws_s3_object", j{"bucket": "b", "key": "k", "source": "/nowhere/bundle.tar"}, []string{"/nowhere/bundle.tar"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			before := len(s.objects(t, c.kind))
			s.refused(t, c.kind, c.config, c.says...)
			equal(t, "objects", len(s.objects(t, c.kind)), before)
		})
	}
}

func TestDeleteRefusesWhatIsUsedOrProtected(t *testing.T) {
	s := aws(t)
	vpc, subnet := s.network(t)
	balancer := s.make(t, "aws_lb", nil, j{"name": "api", "load_balancer_type": "network", "subnets": []any{subnet.id()}, "enable_deletion_protection": true})
	bucket := s.make(t, "aws_s3_bucket", nil, j{"bucket": "bundles"})
	s.make(t, "aws_s3_object", nil, j{"bucket": "bundles", "key": "a", "content": "b"})
	for _, c := range []struct {
		resource *resource
		says     string
	}{{vpc, "aws_lb"}, {subnet, "aws_lb"}, {balancer, "enable_deletion_protection"}, {bucket, "aws_s3_object"}} {
		if problem := s.destroy(t, c.resource); !strings.Contains(problem, c.says) {
			t.Errorf("%s: %q does not name %q", c.resource.kind, problem, c.says)
		}
	}
	forced := s.make(t, "aws_s3_bucket", bucket, j{"bucket": "bundles", "force_destroy": true})
	equal(t, "force_destroy", s.destroy(t, forced), "")
}

func TestDeletedSecretKeepsItsNameUntilItsRecoveryEnds(t *testing.T) {
	s := aws(t)
	secret := s.make(t, "aws_secretsmanager_secret", nil, j{"name": "kept"})
	equal(t, "destroy", s.destroy(t, secret), "")
	s.refused(t, "aws_secretsmanager_secret", j{"name": "kept"}, "AlreadyExists", "kept")
	secret = s.make(t, "aws_secretsmanager_secret", nil, j{"name": "gone", "recovery_window_in_days": 0})
	equal(t, "destroy", s.destroy(t, secret), "")
	s.make(t, "aws_secretsmanager_secret", nil, j{"name": "gone", "recovery_window_in_days": 0})
}

func TestUpdateThatChangesTheIdentifierMovesTheObject(t *testing.T) {
	s := aws(t)
	vpc, subnet := s.network(t)
	first := s.make(t, "aws_route_table", nil, j{"vpc_id": vpc.id(), "tags": j{"n": "1"}})
	second := s.make(t, "aws_route_table", nil, j{"vpc_id": vpc.id(), "tags": j{"n": "2"}})
	link := s.make(t, "aws_route_table_association", nil, j{"route_table_id": first.id(), "subnet_id": subnet.id()})
	moved := s.make(t, "aws_route_table_association", link, j{"route_table_id": second.id(), "subnet_id": subnet.id()})
	if moved.id() == link.id() {
		t.Error("the association kept its identifier")
	}
	equal(t, "objects", len(s.objects(t, "aws_route_table_association")), 1)
	equal(t, "destroy", s.destroy(t, moved), "")
}

func TestReadShowsDriftAndLoss(t *testing.T) {
	s := aws(t)
	vpc := s.make(t, "aws_vpc", nil, j{"cidr_block": "10.0.0.0/16"})
	r := s.objects(t, "aws_vpc")[0]
	r.Attrs["enable_dns_support"] = false
	must(t, s.world.put(r))
	equal(t, "drift", s.refresh(t, vpc).attribute("enable_dns_support"), false)
	must(t, os.Remove(s.world.pathOf(r)))
	if s.refresh(t, vpc) != nil {
		t.Error("a lost object is still there")
	}
	equal(t, "destroy of a lost object", s.destroy(t, vpc), "")
}

func TestImportFindsAnObjectByItsIdentifier(t *testing.T) {
	s := aws(t)
	vpc := s.make(t, "aws_vpc", nil, j{"cidr_block": "10.0.0.0/16"})
	response, err := s.ImportResourceState(t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: "aws_vpc", ID: vpc.id()})
	must(t, err)
	expectNone(t, response.Diagnostics)
	imported := decode(t, vpc.state.Type(), response.ImportedResources[0].State)
	if !imported.Equal(vpc.state) {
		t.Errorf("got %v", objectJSON(imported))
	}
	response, err = s.ImportResourceState(t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: "aws_vpc", ID: "vpc-none"})
	must(t, err)
	if len(response.Diagnostics) == 0 || !strings.Contains(response.Diagnostics[0].Summary, "vpc-none") {
		t.Errorf("got %v", response.Diagnostics)
	}
}

func TestStopCutsTheDelayShortAndFinishesTheObject(t *testing.T) {
	s := aws(t)
	s.delay = time.Hour
	_, err := s.StopProvider(t.Context(), &tfprotov6.StopProviderRequest{})
	must(t, err)
	_, err = s.StopProvider(t.Context(), &tfprotov6.StopProviderRequest{})
	must(t, err)
	begin := time.Now()
	s.make(t, "aws_vpc", nil, j{"cidr_block": "10.0.0.0/16"})
	if time.Since(begin) >= s.delay {
		t.Error("the delay was waited for")
	}
	equal(t, "objects", len(s.objects(t, "aws_vpc")), 1)
}
