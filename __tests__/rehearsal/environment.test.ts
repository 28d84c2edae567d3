import { rehearsalEnvironment } from '../../rehearsal/environment';
import { Workspace } from '../../rehearsal/workspace';

const workspace = new Workspace('/project', 'lab');
const OWN = { PATH: '/bin', SSH_AUTH_SOCK: '/run/mine', SSH_AGENT_PID: '7', TF_WORKSPACE: 'mine', TF_LOG: 'trace' };

test("a person's own Terraform settings and SSH keys reach no rehearsal", () => {
  const env = rehearsalEnvironment(OWN, workspace);
  expect(env).toMatchObject({ PATH: '/bin', REHEARSAL_DIR: workspace.dir });
  for (const name of ['SSH_AUTH_SOCK', 'SSH_AGENT_PID', 'TF_WORKSPACE', 'TF_LOG']) expect(env).not.toHaveProperty(name);
});

test('where simulated machines are provisioned, the only key is theirs', () => {
  expect(rehearsalEnvironment(OWN, workspace, false, '/tmp/agent')['SSH_AUTH_SOCK']).toBe('/tmp/agent');
});
