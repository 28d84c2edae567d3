import { serverAddress } from '../../../model/network-plan';
import { lab } from '../lab';

/** Name of a member whose server s1 would get the same derived address as the shop's. */
function collidingName(): string {
  const env = lab();
  const address = serverAddress(env, 'shop', 's1');
  const { shop } = env.clusters;
  if (shop === undefined) throw new Error('the lab environment has no shop');
  for (let number = 0; number < 5000; number++) {
    const name = `store${number}`;
    if (serverAddress({ ...env, clusters: { [name]: shop } }, name, 's1') === address) return name;
  }
  throw new Error('no name collides');
}

test('derived addresses that collide name the override that parts them', () => {
  const name = collidingName();
  const address = serverAddress(lab(), 'shop', 's1');
  expect(() => lab(['bank:', `${name}:`])).toThrow(
    `clusters.${name}.servers.addresses.s1: "${address}" is not allowed: is the address of server "s1" of "shop" too: ` +
      `set "clusters.${name}.servers.addresses.s1" to a free one`,
  );
});

test('one address may serve in two sites, whose networks are apart', () => {
  expect(() => lab(['10.30.0.0/17', '10.21.0.0/16'])).not.toThrow();
});

test('the first ten addresses of a subnet and its last are no servers', () => {
  for (const address of ['10.20.240.9', '10.20.240.255']) {
    expect(() => lab(['servers: { machine', `servers: { addresses: { s1: ${address} }, machine`])).toThrow(
      `"${address}" is not allowed: must be neither among the first ten addresses of 10.20.240.0/24 nor its last`,
    );
  }
});
