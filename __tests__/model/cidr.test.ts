import { formatAddress, formatCidr, isAligned, parseAddress, parseCidr, sizeOf, subnetOf } from '../../model/cidr';

test('addresses above half of the range are numbers like the others', () => {
  expect(parseAddress('192.168.1.10')).toBe(3232235786);
  expect(formatAddress(3232235786)).toBe('192.168.1.10');
});

test('a network with host bits is known as such', () => {
  expect(isAligned('10.20.0.0/16')).toBe(true);
  expect(isAligned('10.20.0.1/16')).toBe(false);
  expect(formatCidr(parseCidr('203.0.113.77/24'))).toBe('203.0.113.0/24');
});

test('a subnet is counted from the start of its network', () => {
  const subnet = subnetOf(parseCidr('10.20.0.0/16'), 8, 240);
  expect(formatCidr(subnet)).toBe('10.20.240.0/24');
  expect(sizeOf(subnet)).toBe(256);
});

test('what is no network is refused', () => {
  expect(() => parseCidr('10.20.0.0')).toThrow("'10.20.0.0' is no IPv4 network: write it as 10.20.0.0/16");
});
