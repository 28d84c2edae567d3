package main

import "fmt"

// derivations choose the values of types whose attributes follow from other objects, and refuse what the cloud would.
// The values go into making.chosen; everything else is filled by rules.json.
var derivations = map[string]func(*making) error{
	"aws_autoscaling_group":                        deriveAutoscalingGroup,
	"aws_instance":                                 deriveInstance,
	"aws_lb":                                       deriveLoadBalancer,
	"aws_lb_listener":                              deriveListener,
	"aws_nat_gateway":                              deriveNatGateway,
	"aws_network_interface":                        deriveNetworkInterface,
	"aws_route53_record":                           deriveRecord,
	"aws_s3_object":                                deriveObject,
	"aws_ssm_association":                          deriveAssociation,
	"aws_ssm_parameter":                            deriveParameter,
	"aws_subnet":                                   deriveSubnet,
	"aws_volume_attachment":                        deriveVolumeAttachment,
	"azurerm_bastion_host":                         deriveAzureBastion,
	"azurerm_key_vault":                            deriveVault,
	"azurerm_key_vault_secret":                     deriveVaultSecret,
	"azurerm_lb":                                   deriveAzureBalancer,
	"azurerm_lb_rule":                              deriveAzureRule,
	"azurerm_linux_virtual_machine":                deriveAzureMachine,
	"azurerm_network_interface":                    deriveAzureInterface,
	"azurerm_role_assignment":                      deriveRoleAssignment,
	"azurerm_storage_blob":                         deriveBlob,
	"azurerm_subnet":                               deriveAzureSubnet,
	"azurerm_virtual_machine_data_disk_attachment": deriveDiskAttachment,
	"kubernetes_manifest":                          deriveManifest,
	"aws_lb_target_group":                          deriveTargetGroup,
	"rancher2_bootstrap":                           deriveBootstrap,
	"rancher2_cluster":                             deriveImportedCluster,
	"rancher2_cluster_v2":                          deriveCluster,
	"rancher2_cluster_sync":                        deriveClusterSync,
	"aws_iam_openid_connect_provider":              deriveIdentityProvider,
	"vault_approle_auth_backend_role_secret_id":    deriveSecretID,
	"vault_kv_secret_v2":                           deriveKVSecret,

	"azurerm_subnet_network_security_group_association": deriveSubnetGroup,
}

// effects happen after an object is made.
var effects = map[string]func(*server, *record) error{
	"aws_autoscaling_group":             awaitCapacity,
	"aws_ssm_association":               publishByMachines,
	"azurerm_key_vault":                 recoverKept,
	"azurerm_key_vault_secret":          recoverKept,
	"azurerm_virtual_machine_extension": publishByExtension,
	"helm_release":                      installRelease,
	"rancher2_cluster_sync":             awaitCluster,
	"vault_kv_secret_v2":                recoverKept,
}

// updateEffects happen after an object is changed, endings after it is taken away.
var (
	updateEffects = map[string]func(s *server, before, after *record) error{"helm_release": upgradeRelease}
	endings       = map[string]func(*server, *record) error{
		"azurerm_key_vault":         keepVault,
		"azurerm_key_vault_secret":  keepSecret,
		"azurerm_storage_account":   removeBlobs,
		"azurerm_storage_container": removeBlobs,
		"helm_release":              awaitUninstalled,
		"vault_kv_secret_v2":        endKVSecret,
	}
)

// object finds what an argument names, or answers nil where the argument is not set.
func (m *making) object(kind string, id any) (*record, error) {
	text, ok := id.(string)
	if !ok || text == "" {
		return nil, nil
	}
	return m.server.world.one(kind, text)
}

// attributeOfObject is one attribute of what an argument names; nil where it is not known.
func (m *making) attributeOfObject(kind string, id any, attribute string) (any, error) {
	found, err := m.object(kind, id)
	if err != nil || found == nil {
		return nil, err
	}
	return found.Attrs[attribute], nil
}

// choose sets an attribute unless there is nothing to set.
func (m *making) choose(path string, value any) {
	if value != nil && value != "" {
		m.chosen[path] = value
	}
}

func deriveAutoscalingGroup(m *making) error {
	for _, path := range []string{"launch_template.0", "mixed_instances_policy.0.launch_template.0.launch_template_specification.0"} {
		specification, ok := jsonAt(m.arguments, path).(map[string]any)
		if !ok {
			continue
		}
		id := specification["id"]
		if id == nil {
			id = specification["launch_template_id"]
		}
		template, err := m.object("aws_launch_template", id)
		if err != nil || template == nil {
			return err
		}
		if err := refuseVersion(template, displayed(specification["version"])); err != nil {
			return err
		}
		m.choose("launch_template.name", template.Attrs["name"])
	}
	return nil
}

// refuseVersion refuses a version that the launch template does not have.
func refuseVersion(template *record, version string) error {
	if version == "" || version == "$Latest" || version == "$Default" {
		return nil
	}
	latest := wholeNumber(template.Attrs["latest_version"], 0)
	number := 0
	if _, err := fmt.Sscanf(version, "%d", &number); err != nil || number < 1 || number > latest {
		return fmt.Errorf("ValidationError: launch template %s has no version %q, its latest is %d", template.ID, version, latest)
	}
	return nil
}

func deriveManifest(m *making) error {
	own := membersOf(m.planned)
	if manifest, ok := own["manifest"]; ok && isGiven(manifest) {
		m.chosen["object"] = manifest
	}
	return nil
}
