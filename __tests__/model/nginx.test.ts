import { nginxKeys, nginxOf, nginxZone } from '../../model/nginx';
import { machinesOf } from '../../model/rules/rule';
import { lab } from './lab';

const withNginx = lab([
  'hostname: rancher.lab.example.com',
  'hostname: rancher.lab.example.com\n  loadBalancer: { kind: nginx, machine: { instanceType: c7i.large, image: ami-0a1b2c3d4e5f60718 } }',
]);

test("the platform's balancer is enough unless an environment says otherwise", () => {
  expect(lab().management.loadBalancer).toEqual({ kind: 'platform' });
  expect(nginxOf(lab())).toBeUndefined();
});

test('two machines with NGINX are the default, each in a zone of its own', () => {
  const nginx = nginxOf(withNginx);
  expect(nginx).toMatchObject({ count: 2, renew: {} });
  expect(nginxKeys({ count: nginx?.count ?? 3 })).toEqual(['n1', 'n2']);
  expect(['n1', 'n2', 'n3'].map((key) => nginxZone({ zones: ['b', 'c', 'e'] }, key))).toEqual(['b', 'c', 'e']);
});

test('a machine for which there is no zone is refused', () => {
  expect(() => nginxZone({ zones: ['a', 'b'] }, 'n3')).toThrow(
    "2 zones ('a', 'b') are too few for servers: name at least 3",
  );
});

test('rules for machines hold for those with NGINX', () => {
  expect(machinesOf(withNginx).map(({ path }) => path.join('.'))).toContain('management.loadBalancer.machine');
});
