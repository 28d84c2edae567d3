// The machine-readable form of every replacement that depends on more than "this argument changed".
//
// {path, when?, change}: `path` replaces the resource if the guard `when` (argument -> allowed planned values, null
// included) holds and the argument changed in the way that `change` names:
//   any        it differs                       lost       a member of the old collection is gone
//   emptiness  from none to some or back        decrease   a number got smaller
//   first      the first element differs        without    the new collection lacks the old value of `of`
//   from-to    from `from` to `to`              except     it differs, but not from `from` to `to`
//   architecture  the machine type's processor architecture differs
// `never: reason` marks a condition that the simulated provider can't see.
const sourceKind = (path) => ({ path, change: 'emptiness' });
const SECURITY_GROUP_RULE = ['cidr_ipv4', 'cidr_ipv6', 'prefix_list_id', 'referenced_security_group_id'].map(
  sourceKind,
);

const FORMS = {
  aws_instance: [
    { path: 'user_data', when: { user_data_replace_on_change: [true] }, change: 'any' },
    { path: 'user_data_base64', when: { user_data_replace_on_change: [true] }, change: 'any' },
    { path: 'enable_primary_ipv6', change: 'from-to', from: true, to: false },
    { path: 'instance_type', change: 'architecture' },
    { path: 'launch_template.version', never: 'needs the template version that the machine was made from' },
    { path: 'ipv6_addresses', when: { ipv6_address_count: [null] }, change: 'any' },
  ],
  aws_lb: [
    { path: 'subnet_mapping', when: { load_balancer_type: ['application', null] }, change: 'lost' },
    { path: 'subnet_mapping', when: { load_balancer_type: ['network'] }, change: 'lost' },
    { path: 'subnets', when: { load_balancer_type: ['network'] }, change: 'lost' },
    { path: 'security_groups', when: { load_balancer_type: ['network'] }, change: 'emptiness' },
    {
      path: 'secondary_ips_auto_assigned_per_subnet',
      when: { load_balancer_type: ['network'] },
      change: 'decrease',
    },
  ],
  aws_nat_gateway: [
    { path: 'secondary_private_ip_address_count', when: { connectivity_type: ['private'] }, change: 'any' },
    { path: 'availability_zone_address', when: { availability_mode: ['regional'] }, change: 'emptiness' },
  ],
  aws_network_interface: [
    {
      path: 'private_ips',
      when: { private_ip_list_enabled: [false, null] },
      change: 'without',
      of: 'private_ip',
    },
    { path: 'private_ip_list', when: { private_ip_list_enabled: [true] }, change: 'first' },
    { path: 'enable_primary_ipv6', change: 'from-to', from: true, to: false },
  ],
  aws_ssm_parameter: [{ path: 'tier', change: 'from-to', from: 'Advanced', to: 'Standard' }],
  aws_vpc: [{ path: 'instance_tenancy', change: 'except', from: 'dedicated', to: 'default' }],
  aws_vpc_security_group_egress_rule: SECURITY_GROUP_RULE,
  aws_vpc_security_group_ingress_rule: SECURITY_GROUP_RULE,
};

/** The forms of a type, checked against the facts: one form for each condition, in the same order. */
export function conditionsFor(type, prose) {
  const forms = FORMS[type] ?? [];
  const wanted = prose.map(({ path }) => path);
  const known = forms.map(({ path }) => path);
  if (wanted.join() !== known.join()) {
    throw new Error(`${type}: the facts have conditions for [${wanted}], conditions.mjs has forms for [${known}]`);
  }
  return forms.filter((form) => !form.never);
}
