import { lab } from '../lab';

const withManagement = (lines: string): (() => unknown) => {
  return () => lab(['  hostname:', `${lines}  hostname:`]);
};

test("Let's Encrypt needs the world at the door", () => {
  const tls = '  tls: { source: letsEncrypt, email: platform@example.com }\n';
  expect(withManagement(`${tls}  exposure: public\n  allowedCidrs: [0.0.0.0/0]\n`)).not.toThrow();
  expect(withManagement(`${tls}  allowedCidrs: [0.0.0.0/0]\n`)).toThrow('needs 80/443 open to the world');
  expect(withManagement(`${tls}  exposure: public\n`)).toThrow('needs 80/443 open to the world');
});

test('nothing else lets the world in', () => {
  expect(withManagement('  exposure: public\n  allowedCidrs: [0.0.0.0/0]\n')).toThrow(
    'management.allowedCidrs[0]: "0.0.0.0/0" is not allowed: must be a network of yours',
  );
});
