import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** References to what only a cloud knows; an expression must not stand in their way. */
const REFERENCE = /\b(data\.[a-z0-9_]+|aws_[a-z0-9_]+|azurerm_[a-z0-9_]+|rancher2_[a-z0-9_]+)\.[\w-]+(\.[\w-]+)+/g;

/**
 * Value of a Terraform expression, found by Terraform itself; references become words that name their type and attribute.
 * @param expression with or without `${}`
 */
export function evaluate(expression: string): unknown {
  const bare = expression.replace(/^\$\{([^]*)\}$/, '$1').replace(REFERENCE, (reference) => {
    const parts = reference.split('.').filter((part) => part !== 'data');
    return JSON.stringify(`<${parts[0] ?? ''}.${parts.at(-1) ?? ''}>`);
  });
  const folder = mkdtempSync(join(tmpdir(), 'drover-console-'));
  try {
    const { stdout, stderr, status } = spawnSync('terraform', ['console'], {
      cwd: folder,
      input: `jsonencode(${bare.replaceAll('\n', ' ')})\n`,
      encoding: 'utf8',
      timeout: 120_000,
      env: { PATH: process.env['PATH'] ?? '', CHECKPOINT_DISABLE: '1' },
    });
    if (status !== 0) throw new Error(sentence(stderr));
    return JSON.parse(JSON.parse(stdout) as string);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A diagnostic without colours, frame and line breaks. */
function sentence(diagnostic: string): string {
  return diagnostic.replace(/\u001b\[\d+m|[│╷╵]/g, '').replace(/\s+/g, ' ');
}
