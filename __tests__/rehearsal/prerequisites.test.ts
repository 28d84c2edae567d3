import { checkGo, checkTerraform } from '../../rehearsal/prerequisites';
import { TestProject } from './support/project';

const project = new TestProject();
afterAll(() => project.remove());
const alone = project.env('alone');

const says = (version: string): string => `echo '{"terraform_version":"${version}","platform":"linux_amd64"}'`;

test('without Terraform it says where to get it', async () => {
  await expect(checkTerraform(project.root, alone)).rejects.toMatchObject({
    message:
      "'terraform' is not on the PATH; Terraform >= 1.11 is needed: https://developer.hashicorp.com/terraform/install",
    exitCode: 3,
  });
});

test('a Terraform that is too old is refused with its version', async () => {
  project.program('terraform', says('1.10.5'));
  await expect(checkTerraform(project.root, alone)).rejects.toMatchObject({
    message:
      "Terraform '1.10.5' is too old; >= 1.11 is needed (ephemeral values and write-only arguments): https://developer.hashicorp.com/terraform/install",
    exitCode: 3,
  });
});

test.each(['1.11.0', '1.11.0-rc1', '1.14.2', '2.0.0'])('Terraform %s will do', async (version) => {
  project.program('terraform', says(version));
  await expect(checkTerraform(project.root, alone)).resolves.toBe(version);
});

test('something else under the name of Terraform is told from it', async () => {
  project.program('terraform', 'echo hello');
  await expect(checkTerraform(project.root, alone)).rejects.toThrow(
    `'terraform version -json' did not say its version but "hello\\n"; check what 'terraform' on the PATH is`,
  );
});

test('without Go it says what it would be for', async () => {
  await expect(checkGo(project.root, alone)).rejects.toMatchObject({
    message:
      "'go' is not on the PATH and the simulated provider has to be built; Go >= 1.25 is needed: https://go.dev/dl/",
    exitCode: 3,
  });
});

test('a Go that is too old is refused with its version', async () => {
  project.program('go', 'echo go1.19.8');
  await expect(checkGo(project.root, alone)).rejects.toMatchObject({
    message: "Go '1.19.8' is too old to build the simulated provider; >= 1.25 is needed: https://go.dev/dl/",
    exitCode: 3,
  });
});
