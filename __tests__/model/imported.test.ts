import { parseEnvironment } from '../../model/environment';
import { identityOf } from '../../model/identity';
import { clusterNames, clusterOf, importedMembers, memberOf, raisedMembers, storeOwnerOf } from '../../model/lookup';
import { placesOf } from '../../model/release/placement';
import { SecretRef } from '../../model/secret-ref';
import { stackNamesOf } from '../../model/stack-names';
import { kubernetesVersionOf } from '../../model/versions';
import { labText } from './lab';

const IMPORTED = `  erp:
    kind: imported
    cloud: alibaba
    region: cn-hangzhou
    api: { endpoint: "https://erp.example.com:6443", token: "ssm:/erp/token", ca: "ssm:/erp/ca" }
    web: { allowedCidrs: [0.0.0.0/0] }
`;

const parse = (imported = IMPORTED): ReturnType<typeof parseEnvironment> =>
  parseEnvironment(labText + imported, 'lab.yaml');
const env = parse();

describe('a cluster that others made', () => {
  test('is a member with the same stacks, and a place for applications', () => {
    expect(stackNamesOf(env).slice(-3)).toEqual(['lab-erp-cluster', 'lab-erp-services', 'lab-erp-apps']);
    expect(placesOf([env]).map(({ cluster }) => cluster)).toEqual(['shop', 'bank', 'erp']);
  });

  test('is who its data says', () => {
    expect(identityOf(env, 'erp')).toEqual({ cloud: 'alibaba', env: 'lab', region: 'cn-hangzhou', cluster: 'erp' });
    expect(identityOf(env, 'shop')).toEqual({ cloud: 'aws', env: 'lab', region: 'us-east-1', cluster: 'shop' });
  });

  test('has its secrets where the management cluster has them', () => {
    expect(['erp', 'shop', 'management'].map((name) => storeOwnerOf(env, name))).toEqual([
      'management',
      'shop',
      'management',
    ]);
  });

  test('is among the members and not among the clusters with machines of ours', () => {
    expect(Object.keys(importedMembers(env))).toEqual(['erp']);
    expect(Object.keys(raisedMembers(env))).toEqual(['shop', 'bank']);
    expect(clusterNames(env)).toEqual(['management', 'shop', 'bank']);
    expect(() => clusterOf(env, 'erp')).toThrow("cluster 'erp' is imported: it has no site and no machines of ours");
    expect(() => kubernetesVersionOf(env, 'erp')).toThrow("cluster 'erp' is imported");
    expect(() => memberOf(env, 'crm')).toThrow("no cluster 'crm': known are 'management', 'shop', 'bank', 'erp'");
  });

  test('takes the certificates of its API from the store or from a file', () => {
    expect(memberOf(env, 'erp')).toMatchObject({ api: { ca: SecretRef.parse('ssm:/erp/ca') } });
    const fromFile = parse(IMPORTED.replace('ssm:/erp/ca', 'environments/certificates/erp.pem'));
    expect(memberOf(fromFile, 'erp')).toMatchObject({ api: { ca: 'environments/certificates/erp.pem' } });
  });

  test.each([
    ['site: eu', 'must be left out: an imported cluster stands where others made it, say "cloud" and "region"'],
    ['kubernetesVersion: v1.35.7+rke2r1', 'must be left out: whoever made an imported cluster decides its version'],
    ['servers: {}', 'must be left out: an imported cluster has servers already'],
    ['nodeGroups: {}', 'must be left out: an imported cluster has machines already and scales them itself'],
    ['loadBalancer: {}', 'must be left out: how web traffic enters an imported cluster is said by "web"'],
    ['storage: {}', 'must be left out: an imported cluster has storage classes of its own'],
    ['backup: {}', 'must be left out: whoever runs an imported cluster saves its etcd'],
    ['forgetMachinesAfterSec: 60', 'must be left out: machines of an imported cluster do not register with Rancher'],
  ])('is refused with %s, and told why', (line, why) => {
    const key = line.slice(0, line.indexOf(':'));
    expect(() => parse(`${IMPORTED}    ${line}\n`)).toThrow(`clusters.erp.${key}: key "${key}" is not allowed: ${why}`);
  });

  test('says nothing that a cluster of ours could say too', () => {
    const text = labText.replace('    site: us\n', '    site: us\n    kind: rke2\n    cloud: aws\n');
    expect(() => parseEnvironment(text, 'lab.yaml')).toThrow('clusters.shop.cloud: unknown key: ');
    const rke2 = parseEnvironment(labText.replace('    site: us\n', '    site: us\n    kind: rke2\n'), 'lab.yaml');
    expect(raisedMembers(rke2)['shop']).toEqual({ ...raisedMembers(env)['shop'], kind: 'rke2' });
  });
});
