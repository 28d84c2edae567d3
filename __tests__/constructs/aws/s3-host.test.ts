import { s3Host } from '../../../constructs/aws/s3-host';

test('a bucket is addressed by its own name in its region', () => {
  expect(s3Host('acme-things', 'eu-west-1')).toBe('acme-things.s3.eu-west-1.amazonaws.com');
  expect(s3Host('acme-things', 'us-gov-west-1')).toBe('acme-things.s3.us-gov-west-1.amazonaws.com');
});

test('regions in China have a domain of their own', () => {
  expect(s3Host('acme-things', 'cn-north-1')).toBe('acme-things.s3.cn-north-1.amazonaws.com.cn');
});
