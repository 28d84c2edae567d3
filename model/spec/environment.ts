import { z } from 'zod';
import { bootstrapSpec } from './bootstrap';
import { dnsSpec } from './dns';
import { linkSpec } from './link';
import { managementSpec } from './management';
import { memberSpec } from './member';
import { hostname, slug } from './scalars';
import { secretsSpec } from './secrets';
import { rke2Spec } from './rke2';
import { siteSpec } from './site';
import { stateSpec } from './state';
import { proxySpec, registriesSpec } from './way-out';
import { zabbixSpec } from './zabbix';

/** Everything that a platform team says about one environment. */
export const environmentSpec = z.strictObject({
  name: slug.describe('Name of the environment; first part of every stack'),
  domain: hostname.describe('Domain of the names that Drover makes; a site may have its own'),
  dns: dnsSpec.describe('Where the names are written; a site may have its own'),
  state: stateSpec.describe('Where Terraform keeps the states'),
  secrets: secretsSpec
    .optional()
    .describe(
      "Where secrets lie that machines and stacks hand to each other; a site may say otherwise; default: the sites' own store",
    ),
  tags: z
    .record(
      z.string().min(1).max(128, 'must have at most 128 characters (EC2)'),
      z.string().max(256, 'must have at most 256 characters (EC2)'),
    )
    .default({})
    .describe('Further tags on every cloud resource, such as a cost centre'),
  rke2: rke2Spec.prefault({}).describe('Where management servers get RKE2 from; members get theirs through Rancher'),
  proxy: proxySpec.optional().describe('Proxy of the machines; default: none, they go out by the site itself'),
  registries: registriesSpec.default({}).describe('Mirrors of image registries, tried in order, by registry'),
  bootstrap: bootstrapSpec.prefault({}).describe("What machines do at first boot besides Drover's own steps"),
  zabbix: zabbixSpec.optional().describe('The Zabbix that watches every machine; default: none'),
  sites: z
    .record(slug, siteSpec)
    .refine((sites) => Object.keys(sites).length > 0, 'must have at least one site')
    .describe('Places with one network each, by name'),
  links: z
    .array(linkSpec)
    .default([])
    .describe('Routes between sites that share clusters; people make them, Drover says what must be open there'),
  management: managementSpec.describe('The cluster that runs Rancher'),
  clusters: z.record(slug, memberSpec).prefault({}).describe('Member clusters, by name'),
});
export type EnvironmentSpec = z.output<typeof environmentSpec>;
