// Closed sets and limits of single arguments: the provider's schema, which the other facts were read from, does not tell
// them, its documentation does. Each type's page is the second part of its `source`.
const CACHING = ['None', 'ReadOnly', 'ReadWrite'];
const ALLOW_OR_DENY = ['Allow', 'Deny'];

export const AZURERM_ARGUMENTS = {
  azurerm_bastion_host: {
    enums: { sku: ['Developer', 'Basic', 'Standard', 'Premium'] },
    ranges: { scale_units: [2, 50] },
  },
  azurerm_key_vault: {
    enums: {
      sku_name: ['standard', 'premium'],
      'network_acls.bypass': ['AzureServices', 'None'],
      'network_acls.default_action': ALLOW_OR_DENY,
    },
    ranges: { soft_delete_retention_days: [7, 90] },
  },
  azurerm_lb: {
    enums: {
      sku: ['Basic', 'Standard', 'Gateway'],
      'frontend_ip_configuration.private_ip_address_allocation': ['Dynamic', 'Static'],
    },
  },
  azurerm_lb_probe: {
    enums: { protocol: ['Http', 'Https', 'Tcp'] },
    ranges: { port: [1, 65535], interval_in_seconds: [5, 2147483646] },
  },
  azurerm_lb_rule: {
    enums: { protocol: ['All', 'Tcp', 'Udp'] },
    ranges: { frontend_port: [0, 65534], backend_port: [0, 65535], idle_timeout_in_minutes: [4, 100] },
  },
  azurerm_linux_virtual_machine: {
    enums: {
      'identity.type': ['SystemAssigned', 'UserAssigned', 'SystemAssigned, UserAssigned'],
      'os_disk.caching': CACHING,
      priority: ['Regular', 'Spot'],
    },
  },
  azurerm_linux_virtual_machine_scale_set: {
    enums: {
      'automatic_instance_repair.action': ['Replace', 'Restart', 'Reimage'],
      'identity.type': ['SystemAssigned', 'UserAssigned', 'SystemAssigned, UserAssigned'],
      'os_disk.caching': CACHING,
      upgrade_mode: ['Automatic', 'Manual', 'Rolling'],
    },
  },
  azurerm_managed_disk: {
    enums: {
      create_option: ['Copy', 'Empty', 'FromImage', 'Import', 'ImportSecure', 'Restore', 'Upload'],
      network_access_policy: ['AllowAll', 'AllowPrivate', 'DenyAll'],
      storage_account_type: [
        'Standard_LRS',
        'StandardSSD_ZRS',
        'Premium_LRS',
        'PremiumV2_LRS',
        'Premium_ZRS',
        'StandardSSD_LRS',
        'UltraSSD_LRS',
      ],
    },
  },
  azurerm_nat_gateway: { ranges: { idle_timeout_in_minutes: [4, 120] } },
  azurerm_network_interface: { enums: { 'ip_configuration.private_ip_address_allocation': ['Dynamic', 'Static'] } },
  azurerm_network_security_rule: {
    enums: {
      access: ALLOW_OR_DENY,
      direction: ['Inbound', 'Outbound'],
      protocol: ['*', 'Ah', 'Esp', 'Icmp', 'Tcp', 'Udp'],
    },
    ranges: { priority: [100, 4096] },
  },
  azurerm_public_ip: {
    enums: { allocation_method: ['Dynamic', 'Static'], sku: ['Basic', 'Standard'] },
    ranges: { idle_timeout_in_minutes: [4, 30] },
  },
  azurerm_role_assignment: { enums: { principal_type: ['Group', 'ServicePrincipal', 'User'] } },
  azurerm_storage_account: {
    enums: {
      account_kind: ['BlobStorage', 'BlockBlobStorage', 'FileStorage', 'Storage', 'StorageV2'],
      account_replication_type: ['LRS', 'GRS', 'RAGRS', 'ZRS', 'GZRS', 'RAGZRS'],
      account_tier: ['Premium', 'Standard'],
      'network_rules.bypass': ['AzureServices', 'Logging', 'Metrics', 'None'],
      'network_rules.default_action': ALLOW_OR_DENY,
    },
    ranges: {
      'blob_properties.container_delete_retention_policy.days': [1, 365],
      'blob_properties.delete_retention_policy.days': [1, 365],
    },
  },
  azurerm_storage_container: { enums: { container_access_type: ['blob', 'container', 'private'] } },
  azurerm_virtual_machine_data_disk_attachment: { enums: { caching: CACHING } },
};
