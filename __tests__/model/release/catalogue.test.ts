import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChartCatalogue } from '../../../model/release/catalogue';
import { pins } from '../../../model/versions';

const folder = mkdtempSync(join(tmpdir(), 'charts-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function catalogue(text: string): ChartCatalogue {
  const path = join(folder, 'charts.yaml');
  writeFileSync(path, text);
  return ChartCatalogue.load(path);
}

describe('the chart catalogue', () => {
  const own = ChartCatalogue.load('releases/charts.yaml');

  test('says the same versions of Rancher and cert-manager as the version lattice', () => {
    expect(own.pin('rancher').version).toBe(pins.rancher);
    expect(own.pin('cert-manager').version).toBe(pins.certManager);
  });

  test('names the address where each version was read, with that version in it', () => {
    for (const name of own.names) {
      const { source, version } = own.pin(name);
      expect(source).toContain(version);
    }
  });

  test('says which charts there are when one is asked for that is not', () => {
    expect(() => catalogue('charts: {}').pin('nginx')).toThrow(/no chart 'nginx' in '.*charts\.yaml': known are none/);
  });

  test.each(['latest', '1.2', '^1.2.3'])('refuses the version %s', (version) => {
    const text = `charts:\n  web:\n    repository: https://charts.example.com\n    chart: web\n    version: "${version}"\n`;
    expect(() => catalogue(`${text}    appVersion: "1"\n    source: https://example.com\n`)).toThrow(
      `charts.yaml:5:14 charts.web.version: "${version}" is not allowed: must be one exact version: no range, no "latest"`,
    );
  });
});
