import { z } from 'zod';
import { ensureUp, followed, group, inside, kubectl, lab, machines, nodes, waitUntil } from './lab';
import type { Machine } from '../../rehearsal/hosts/machine';

const SERVER = 'dev-shop-s1';
const OUTSIDE = 'dev-management-s2';
const WORKERS = 'dev-shop-workers';
const NAMESPACE = 'storefront';

const pod = z.object({
  metadata: z.object({ name: z.string(), deletionTimestamp: z.string().optional() }),
  spec: z.object({ nodeName: z.string().optional() }),
  status: z.object({ conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]) }),
});
type Pod = z.output<typeof pod>;

const kube = (...args: readonly string[]): string => {
  const { code, stdout, stderr } = kubectl(SERVER, ...args);
  if (code !== 0) throw new Error(stderr);
  return stdout;
};
const isReady = ({ metadata, status }: Pod): boolean =>
  metadata.deletionTimestamp === undefined &&
  status.conditions.some((it) => it.type === 'Ready' && it.status === 'True');
/** Pods of the application that answer, in this moment. */
function ready(): Pod[] {
  const { stdout } = kubectl(SERVER, '--namespace', NAMESPACE, 'get', 'pods', '--output', 'json');
  return stdout === ''
    ? []
    : z
        .object({ items: z.array(pod) })
        .parse(JSON.parse(stdout))
        .items.filter(isReady);
}
function onlyPod(): { name: string; node: string } {
  const [first] = ready();
  if (first?.spec.nodeName === undefined) throw new Error('the application has no pod that is ready');
  return { name: first.metadata.name, node: first.spec.nodeName };
}
function machineOf(node: string): Machine {
  const address = kube(
    'get',
    'node',
    node,
    '--output',
    'jsonpath={.status.addresses[?(@.type=="InternalIP")].address}',
  );
  const found = machines().find((it) => it.address === address && it.state === 'running');
  if (found === undefined) throw new Error(`no machine has the address '${address}' of node '${node}'`);
  return found;
}
const workers = (): Machine[] => machines().filter((it) => it.name === WORKERS && it.state === 'running');

beforeAll(ensureUp);

test('the application of the house chart is installed by Helm, and its pods are ready', async () => {
  await waitUntil('a pod of the application is ready', () => ready().length > 0, 120);
  const labels = kube(
    '--namespace',
    NAMESPACE,
    'get',
    'deployment',
    NAMESPACE,
    '--output',
    'jsonpath={.metadata.labels}',
  );
  expect(JSON.parse(labels)).toMatchObject({ 'app.kubernetes.io/managed-by': 'Helm' });
});

test('a pod does not reach the metadata of its machine, which the machine itself does', async () => {
  const { name, node } = onlyPod();
  const token = ['-method', 'PUT', '-header', 'X-aws-ec2-metadata-token-ttl-seconds: 60'];
  const url = 'http://169.254.169.254/latest/api/token';
  const inPod = (...args: readonly string[]): ReturnType<typeof kubectl> =>
    kubectl(SERVER, '--namespace', NAMESPACE, 'exec', name, '--', '/app', 'get', ...args);
  // The same program does reach what it may.
  expect(inPod('-timeout', '60s', 'http://127.0.0.1:9898/healthz')).toMatchObject({ code: 0 });
  expect(inPod('-timeout', '5s', ...token, url)).toMatchObject({ code: 1, stdout: '' });
  const curl = ['curl', '--silent', '--fail', '--max-time', '5', '--request', 'PUT'];
  const machine = machineOf(node).id;
  const onMachine = (): string =>
    inside(machine, ...curl, '--header', 'X-aws-ec2-metadata-token-ttl-seconds: 60', url).stdout;
  await waitUntil('the machine itself gets a token', () => onMachine() !== '', 120);
});

describe('on a port of the nodes', () => {
  let port: string;
  const answer = (machine: Machine): string =>
    inside(OUTSIDE, 'curl', '--silent', '--fail', '--max-time', '3', `http://${machine.address}:${port}/`).stdout;

  beforeAll(() => {
    const expose = [
      'expose',
      'deployment',
      NAMESPACE,
      '--name',
      'probe',
      '--type',
      'NodePort',
      '--target-port',
      'http',
    ];
    kube('--namespace', NAMESPACE, ...expose, '--port', '80');
    port = kube('--namespace', NAMESPACE, 'get', 'service', 'probe', '--output', 'jsonpath={.spec.ports[0].nodePort}');
  });
  afterAll(() => kube('--namespace', NAMESPACE, 'delete', 'service', 'probe', '--ignore-not-found'));

  test('it answers a host outside of the cluster, whatever node is asked', async () => {
    const { name } = onlyPod();
    for (const worker of workers()) {
      await waitUntil(`${worker.id} answers`, () => answer(worker).includes(`"host":"${name}"`), 120);
    }
  });

  test('its pod moves when its node loses its power, and it answers again', async () => {
    const before = onlyPod();
    const lost = machineOf(before.node);
    const other = workers().find((it) => it.id !== lost.id);
    if (other === undefined) throw new Error('there is no second worker');
    const size = workers().length;
    expect(lab('cut', lost.id).code).toBe(0);
    const seconds = await waitUntil(
      'another pod answers',
      () => {
        const text = answer(other);
        return text !== '' && !text.includes(before.name);
      },
      180,
    );
    console.log(`power cut to the answer of another pod: ${seconds.toFixed(1)} s`);
    expect(onlyPod().node).not.toBe(before.node);
    await waitUntil('the group has replaced the machine', () => workers().length === size, 120);
    await waitUntil('all nodes are Ready', () => Object.values(nodes(SERVER)).every((it) => it === 'Ready'), 180);
  });
});

let follow: ReturnType<typeof followed> | undefined;
afterAll(() => follow?.end());

test('a machine that its group takes away has its pods evicted first, and only then goes', async () => {
  const { name: pod, node } = onlyPod();
  const leaving = machineOf(node);
  const name = leaving.group;
  const { desired } = group(name);
  const inService = (): number => group(name).instances.filter((it) => it.lifecycle === 'InService').length;
  await waitUntil('the group is whole', () => inService() === desired, 120);
  follow = followed(SERVER, '--namespace', NAMESPACE, 'logs', '--follow', pod);
  // At its smallest size the group lets nobody go.
  expect(lab('terminate', '--decrement', leaving.id).code).not.toBe(0);
  expect(lab('desired', name, String(desired + 1)).code).toBe(0);
  await waitUntil('one more is in service', () => inService() === desired + 1, 120);
  expect(lab('terminate', '--decrement', leaving.id)).toMatchObject({ code: 0, stderr: '' });
  await waitUntil('the pod was told to end', () => follow?.output().includes('told to end') === true, 180);
  expect(machines().find((it) => it.id === leaving.id)).toMatchObject({ state: 'running' });
  await waitUntil(
    'the machine is gone',
    () => machines().find((it) => it.id === leaving.id)?.state === 'terminated',
    120,
  );
  expect(follow?.output()).toContain(`${pod} ended`);
  expect(group(name)).toMatchObject({ desired });
  await waitUntil('its node is gone', () => !(node in nodes(SERVER)), 120);
  await waitUntil('another pod answers', () => ready().some((it) => it.metadata.name !== pod), 180);
});
