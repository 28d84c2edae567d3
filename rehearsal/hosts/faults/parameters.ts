import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { writing } from '../../workspace';
import { listWorld } from '../../world';
import { labNotUnderstood } from './errors';

const TYPE = 'aws_ssm_parameter';

const record = z.looseObject({
  attrs: z.record(z.string(), z.unknown()),
  secrets: z.record(z.string(), z.unknown()).nullish(),
  live: z.record(z.string(), z.unknown()).nullish(),
});

/** Gives a parameter of the world another value, as somebody does who may write to the store. */
export function setParameter(world: string, name: string, value: string): void {
  const found = listWorld(world).find((it) => it.type === TYPE && it.id === name);
  if (found === undefined) throw labNotUnderstood('world', `there is no parameter '${name}'`);
  const object = record.parse(JSON.parse(readFileSync(found.file, 'utf8')));
  const { live, secrets, attrs } = object;
  const version = typeof live?.['version'] === 'number' ? live['version'] : 1;
  const isSecret = secrets?.['value_wo'] !== undefined;
  const changed = {
    ...object,
    ...(isSecret ? { secrets: { ...secrets, value_wo: value } } : { attrs: { ...attrs, value } }),
    live: { ...live, version: version + 1 },
  };
  const draft = found.file.replace(/[^/]*$/, `.new-${process.pid}`);
  writing(found.file, () => {
    writeFileSync(draft, JSON.stringify(changed, null, 1), { mode: 0o600 });
    renameSync(draft, found.file);
  });
}
