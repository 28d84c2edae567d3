import fs from 'node:fs';
import path from 'node:path';
import { parse, stringify } from 'yaml';

/** Writes environments with so many member clusters of so many node groups, modelled on `dev`, into a folder. */
export function writeFleet(folder, { environments, clusters, nodeGroups }) {
  const dev = parse(fs.readFileSync('environments/dev.yaml', 'utf8'));
  const [cluster] = Object.values(dev.clusters);
  const [group] = Object.values(cluster.nodeGroups);
  fs.mkdirSync(folder, { recursive: true });
  for (let e = 1; e <= environments; e++) {
    // The example application has values of its own for `dev`.
    const name = e === 1 ? dev.name : `${dev.name}-${e}`;
    const groups = Object.fromEntries(Array.from({ length: nodeGroups }, (_, g) => [`group-${g + 1}`, group]));
    const members = Array.from({ length: clusters }, (_, c) => [
      `member-${c + 1}`,
      { ...cluster, nodeGroups: { ...groups, ...ingressOf(cluster) } },
    ]);
    const environment = { ...dev, name, clusters: Object.fromEntries(members) };
    fs.writeFileSync(path.join(folder, `${name}.yaml`), stringify(environment, { aliasDuplicateObjects: false }));
  }
}

const ingressOf = (cluster) =>
  Object.fromEntries(Object.entries(cluster.nodeGroups).filter(([, group]) => group.role === 'ingress'));

/** Resources and data sources in a synthesized folder. */
export function countResources(output) {
  const stacks = path.join(output, 'stacks');
  let count = 0;
  for (const stack of fs.readdirSync(stacks)) {
    const json = JSON.parse(fs.readFileSync(path.join(stacks, stack, 'cdk.tf.json'), 'utf8'));
    for (const kind of ['resource', 'data'])
      for (const byName of Object.values(json[kind] ?? {})) count += Object.keys(byName).length;
  }
  return count;
}
