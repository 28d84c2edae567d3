import { securityRules as awsRules } from '../../../constructs/aws/security-rules';
import { securityRules as azureRules } from '../../../constructs/azure/security-rules';
import { flows, type Flow } from '../../../constructs/platform/flows';
import { withStorage } from '../../../constructs/platform/storage-flows';

const all = withStorage(flows);

interface Rule {
  readonly id: string;
  readonly direction: string;
  readonly group: string;
  readonly peer: string;
  readonly ports: readonly number[];
}

const ofStorage = (rules: readonly Rule[]): readonly Rule[] =>
  rules.filter(({ group, peer }) => group === 'storage' || peer === 'storage');
const taken = (rules: readonly Rule[], direction: string): string[] =>
  ofStorage(rules)
    .filter((rule) => rule.direction === direction)
    .map(({ group, peer, ports: [first, last] }) => `${group} ${peer} ${first}-${last}`)
    .sort();

/** Peers and clients, then what any machine does. */
const inwards = [
  'storage monitors 10050-10050',
  'storage server 24007-24007',
  'storage server 49152-60999',
  'storage storage 24007-24007',
  'storage storage 49152-60999',
  'storage worker 24007-24007',
  'storage worker 49152-60999',
];
const outwards = [
  'server storage 24007-24007',
  'server storage 49152-60999',
  'storage monitors 10051-10051',
  'storage storage 24007-24007',
  'storage storage 49152-60999',
  'storage world 443-443',
  'storage world 80-80',
  'worker storage 24007-24007',
  'worker storage 49152-60999',
];

test('storage nodes are reached by peers and by every node of their cluster, and reach nothing of it', () => {
  expect(taken(awsRules(all), 'ingress')).toEqual(inwards);
  expect(taken(awsRules(all), 'egress')).toEqual(outwards);
});

test('on Azure the same connections are let through', () => {
  expect(taken(azureRules(all), 'Inbound')).toEqual(inwards);
  expect(taken(azureRules(all), 'Outbound')).toEqual(outwards);
});

test.each([
  ['AWS', (of: readonly Flow[]): readonly Rule[] => awsRules(of)],
  ['Azure', (of: readonly Flow[]): readonly Rule[] => azureRules(of)],
])('no rule on %s moves when a cluster gets storage nodes: theirs come last', (_, rulesOf) => {
  const [before, after] = [rulesOf(flows), rulesOf(all)];
  expect(after.slice(0, before.length)).toEqual(before);
  expect(ofStorage(after)).toEqual(after.slice(before.length));
});

test('every rule has an id of its own, which Azure takes as its name', () => {
  const ids = azureRules(all).map(({ direction, id }) => `${direction} ${id}`);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { id, description } of azureRules(all)) {
    expect(id).toMatch(/^[a-z][a-z-]{0,79}$/);
    expect(description.length).toBeLessThanOrEqual(140);
  }
});
