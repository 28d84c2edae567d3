import { existsSync, readFileSync } from 'node:fs';
import { noCertificates, noSuchFile } from './errors';
import { projectPath } from './project-path';

/**
 * Certificates (PEM) that lie in this repository.
 * @param path from the root of the project, with '/'
 * @throws if there is no such file or no certificate in it
 */
export function certificatesIn(path: string): string {
  const file = projectPath(...path.split('/'));
  if (!existsSync(file)) throw noSuchFile(path);
  const text = readFileSync(file, 'utf8');
  if (!text.includes('-----BEGIN CERTIFICATE-----')) throw noCertificates(path);
  return text;
}
