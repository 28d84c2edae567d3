import { lab } from '../lab';

const image = (architecture: string): string =>
  `/aws/service/canonical/ubuntu/server/24.04/stable/20260714/${architecture}/hvm/ebs-gp3/ami-id`;
const withServer = (instanceType: string, architecture: string): (() => unknown) => {
  return () =>
    lab([
      '{ instanceType: m7i.large, image: ami-0a1b2c3d4e5f60718 }',
      `{ instanceType: ${instanceType}, image: ${image(architecture)} }`,
    ]);
};

test.each(['m7g.large', 'c7gn.xlarge', 't4g.medium', 'is4gen.xlarge', 'x2gd.large', 'a1.large'])(
  '%s takes images for arm64 alone',
  (type) => {
    expect(withServer(type, 'arm64')).not.toThrow();
    expect(withServer(type, 'amd64')).toThrow(`must be an image for arm64, which "${type}" is`);
  },
);

test.each(['m7i.large', 'g5.xlarge', 'g6e.xlarge', 'c7a.large', 'u7i-12tb.224xlarge', 'm7i-flex.large'])(
  '%s takes images for amd64 alone',
  (type) => {
    expect(withServer(type, 'amd64')).not.toThrow();
    expect(withServer(type, 'arm64')).toThrow(`must be an image for amd64, which "${type}" is`);
  },
);
