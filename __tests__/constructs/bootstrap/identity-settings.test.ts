import { identitySettings } from '../../../constructs/bootstrap/identity-settings';
import { globalsOf, nodeLabelsOf, siteIdentityOf, tagsOf, type Identity } from '../../../model/identity';
import { lab } from '../../model/lab';

const PARTS = ['cloud', 'env', 'region', 'cluster'] as const;
const shop: Identity = { cloud: 'aws', env: 'lab', region: 'us-east-1', cluster: 'shop' };

test("tags, labels, chart values and a machine's settings of one identity all agree", () => {
  const forms = [
    [tagsOf(shop), (part: string) => `drover:${part}`],
    [nodeLabelsOf(shop), (part: string) => `drover/${part}`],
    [globalsOf(shop), (part: string) => part],
    [{ ...identitySettings(shop) }, (part: string) => `DROVER_${part.toUpperCase()}`],
  ] as const;
  for (const [form, keyOf] of forms) {
    expect(form).toEqual(Object.fromEntries(PARTS.map((part) => [keyOf(part), shop[part]])));
  }
});

test('a machine of a site is told of no cluster', () => {
  expect(identitySettings(siteIdentityOf(lab(), 'us'))).toEqual({
    DROVER_CLOUD: 'aws',
    DROVER_ENV: 'lab',
    DROVER_REGION: 'us-east-1',
  });
});
