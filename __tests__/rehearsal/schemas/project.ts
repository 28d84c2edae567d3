import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const projectRoot = path.resolve(__dirname, '..', '..', '..');
export const behaviourDir = path.join(projectRoot, 'rehearsal', 'provider', 'behaviour');

/** An empty folder for the tests of one file; gone when they are done. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'drover-schemas-'));
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}
