import type { Environment } from '../../model/environment';
import { parseEnvironment } from '../../model/environment';

/** A small valid environment with two members, as text. */
export const labText = `name: lab
domain: lab.example.com
dns: { zone: lab.example.com }
state: { kind: s3, bucket: example-drover-lab, region: eu-west-1, kmsKeyId: alias/drover-lab }
sites:
  eu: { platform: aws, region: eu-west-1, cidr: 10.20.0.0/16 }
  us: { platform: aws, region: us-east-1, cidr: 10.30.0.0/17 }
management:
  site: eu
  hostname: rancher.lab.example.com
  servers: { machine: { instanceType: m7i.large, image: ami-0a1b2c3d4e5f60718 } }
clusters:
  shop: &member
    site: us
    servers: { machine: { instanceType: m7i.large, image: ami-0a1b2c3d4e5f60718 } }
    nodeGroups:
      workers:
        role: ingress
        maxSize: 3
        machine: { instanceType: m7i.large, image: ami-0a1b2c3d4e5f60718 }
  bank: *member
`;

/** The small environment with some of its text replaced. */
export function lab(...replacements: (readonly [from: string, to: string])[]): Environment {
  const text = replacements.reduce((changed, [from, to]) => {
    if (!changed.includes(from)) throw new Error(`the lab environment has no '${from}'`);
    return changed.replace(from, to);
  }, labText);
  return parseEnvironment(text, 'lab.yaml');
}
