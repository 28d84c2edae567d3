import { Testing } from 'cdktf';
import { NetworkStack } from '../../../stacks/network-stack';
import { ManagementServersStack } from '../../../stacks/management-servers-stack';
import { only, synthesized } from '../../support/synth';
import { labWith } from './fixture';

test('a host that comes in the place of a dead one gets a token that nobody has used', () => {
  const app = Testing.app();
  const environment = labWith();
  const { site } = new NetworkStack(app, environment, 'hall');
  const { resource } = synthesized(new ManagementServersStack(app, environment, { site, siteEgress: [] }));
  const { metadata } = only(resource, 'vault_approle_auth_backend_role_secret_id', 'management_servers_mgmt-01');
  expect(metadata).toContain('"membership" = terraform_data.membership-mgmt-01.id');
});
