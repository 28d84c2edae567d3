import { z } from 'zod';
import { clusterSpec } from './cluster';
import { managementSpec } from './management';
import { hostname, slug } from './scalars';
import { siteSpec } from './site';

const s3State = z.strictObject({
  kind: z.literal('s3'),
  bucket: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'an S3 bucket name'),
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'an AWS region such as eu-west-1'),
  kmsKeyId: z.string().regex(/^(alias\/|arn:aws)[\w:/.-]+$/, 'a KMS alias (alias/...) or key ARN').describe('Key of the states'),
});

/** Everything that a platform team says about one environment. */
export const environmentSpec = z.strictObject({
  name: slug.describe('Name of the environment; first part of every stack'),
  domain: hostname.describe('Domain of the names that Drover makes'),
  dns: z.strictObject({
    zone: hostname.describe('Existing Route 53 zone that holds the domain'),
    public: z.boolean().default(true).describe('Whether it is a public zone'),
  }),
  state: z.discriminatedUnion('kind', [s3State]).describe('Where Terraform keeps the states'),
  secrets: z.discriminatedUnion('kind', [z.strictObject({ kind: z.literal('ssm') })]).default({ kind: 'ssm' }),
  tags: z.record(z.string(), z.string()).default({}).describe('Further tags on every cloud resource, such as a cost centre'),
  sites: z.record(slug, siteSpec),
  management: managementSpec,
  clusters: z.record(slug, clusterSpec).default({}),
});
export type EnvironmentSpec = z.output<typeof environmentSpec>;
