import { applies, contextSpec, specificity } from '../../../model/release/context';
import { mergeValues } from '../../../model/release/merge';

const identity = { cloud: 'aws', env: 'dev', region: 'eu-west-1', cluster: 'shop' };

describe('a context', () => {
  test('applies where every part that it names is equal', () => {
    expect(applies({ cloud: 'aws', cluster: 'shop' }, identity)).toBe(true);
    expect(applies({ cloud: 'aws', cluster: 'blog' }, identity)).toBe(false);
  });

  test('of a cluster is more specific than of everything else together', () => {
    expect(specificity({ cluster: 'shop' })).toBeGreaterThan(specificity({ region: 'r', env: 'e', cloud: 'c' }));
    expect(specificity({ region: 'r' })).toBeGreaterThan(specificity({ env: 'e', cloud: 'c' }));
  });

  test('must name something', () => {
    const result = contextSpec.safeParse({});
    expect(result.error?.issues.map(({ message }) => message)).toEqual([
      'must name at least one of cloud, env, region, cluster',
    ]);
  });
});

describe('merging values', () => {
  test('goes into maps and replaces everything else', () => {
    expect(mergeValues({ a: { b: 1, c: [1, 2] }, d: 1 }, { a: { c: [3] }, d: { e: 2 } })).toEqual({
      a: { b: 1, c: [3] },
      d: { e: 2 },
    });
  });

  test('keeps a null, by which Helm takes the default of the chart away', () => {
    expect(mergeValues({ a: { b: 1 } }, { a: null })).toEqual({ a: null });
  });

  test('changes neither of the two', () => {
    const base = { a: { b: 1 } };
    mergeValues(base, { a: { b: 2 } });
    expect(base).toEqual({ a: { b: 1 } });
  });
});
