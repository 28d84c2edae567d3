import { lab } from '../lab';

const withManagement = (lines: string): (() => unknown) => {
  return () => lab(['  hostname:', `${lines}  hostname:`]);
};
const withWeb = (web: string, ...more: (readonly [string, string])[]): (() => unknown) => {
  return () => lab(['    site: us\n', `    site: us\n    web: ${web}\n`], ...more);
};

test("Let's Encrypt needs the world at the door", () => {
  const tls = '  tls: { source: letsEncrypt, email: platform@example.com }\n';
  expect(withManagement(`${tls}  exposure: public\n  allowedCidrs: [0.0.0.0/0]\n`)).not.toThrow();
  expect(withManagement(`${tls}  allowedCidrs: [0.0.0.0/0]\n`)).toThrow('needs 80/443 open to the world');
  expect(withManagement(`${tls}  exposure: public\n`)).toThrow('needs 80/443 open to the world');
});

test('nothing else lets the world in to Rancher', () => {
  expect(withManagement('  exposure: public\n  allowedCidrs: [0.0.0.0/0]\n')).toThrow(
    'management.allowedCidrs[0]: "0.0.0.0/0" is not allowed: must be a network of yours',
  );
});

test('the web of a member is internal and allows nobody, unless said otherwise', () => {
  expect(lab().clusters['shop']?.web).toEqual({ exposure: 'internal', allowedCidrs: [] });
});

test('the public web of a member may be for everybody', () => {
  expect(withWeb('{ exposure: public, allowedCidrs: [0.0.0.0/0] }')).not.toThrow();
  expect(withWeb('{ exposure: public, allowedCidrs: [203.0.113.0/24] }')).not.toThrow();
});

test('an internal web may let in further networks, but not the world', () => {
  expect(withWeb('{ allowedCidrs: [172.16.0.0/12] }')).not.toThrow();
  expect(withWeb('{ allowedCidrs: [172.16.0.0/12, 0.0.0.0/0] }')).toThrow(
    'clusters.shop.web.allowedCidrs[1]: "0.0.0.0/0" is not allowed: must be a network of yours, or set exposure',
  );
});

test('networks of a member are held to what those of the management cluster are', () => {
  expect(withWeb('{ allowedCidrs: [10.1.2.3/8] }')).toThrow(
    'clusters.shop.web.allowedCidrs[0]: "10.1.2.3/8" is not allowed: must begin with its network address: 10.0.0.0/8',
  );
  expect(withWeb('{ allowedCidrs: [10.0.0.0/8, 10.0.0.0/8] }')).toThrow(
    'clusters.shop.web.allowedCidrs[1]: "10.0.0.0/8" is not allowed: must be named once',
  );
});

test('nobody outside finds a public web by a name in a private zone', () => {
  const web = '{ exposure: public, allowedCidrs: [0.0.0.0/0] }';
  expect(withWeb(web, ['{ zone: lab.example.com }', '{ zone: lab.example.com, public: false }'])).toThrow(
    'clusters.shop.web.exposure: "public" is not allowed: must be "internal", or dns.public true',
  );
});

test('a public web needs nodes that take its traffic', () => {
  const web = '{ exposure: public, allowedCidrs: [0.0.0.0/0] }\n    services: { ingress: { enabled: false } }';
  expect(withWeb(web, ['        role: ingress\n', ''])).toThrow(
    'clusters.shop.web: {"exposure":"public","allowedCidrs":["0.0.0.0/0"]} is not allowed: must be left out',
  );
});
