import { bundlePathTooLong } from './errors';

/** One file of an archive. */
export interface ArchiveEntry {
  /** Path inside the archive, with slashes. */
  readonly path: string;
  /** Permission bits, such as 0o755. */
  readonly mode: number;
  readonly content: Uint8Array;
}

const BLOCK = 512;
const NAME_BYTES = 100;

/**
 * A plain tar archive (ustar) of these files, in this order, without times or owners.
 * Written here and not by a library: its checksum is pinned on every machine, and must not move with a library's version.
 * @see https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13_06
 * @throws when a path has more than 100 bytes
 */
export function ustar(entries: readonly ArchiveEntry[]): Buffer {
  const blocks = entries.flatMap(({ path, mode, content }) => [
    header(path, mode, content.byteLength),
    Buffer.from(content),
    Buffer.alloc((BLOCK - (content.byteLength % BLOCK)) % BLOCK),
  ]);
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

function header(path: string, mode: number, size: number): Buffer {
  if (Buffer.byteLength(path) > NAME_BYTES) throw bundlePathTooLong(path);
  const block = Buffer.alloc(BLOCK);
  block.write(path, 0);
  block.write(octal(mode, 7), 100);
  block.write(octal(0, 7), 108);
  block.write(octal(0, 7), 116);
  block.write(octal(size, 11), 124);
  block.write(octal(0, 11), 136);
  // The checksum is computed over a header whose own checksum field is blank.
  block.write(' '.repeat(8), 148);
  block.write('0', 156);
  block.write('ustar\u000000', 257);
  block.write(
    `${octal(
      block.reduce((sum, byte) => sum + byte, 0),
      6,
    )}\0 `,
    148,
  );
  return block;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}
