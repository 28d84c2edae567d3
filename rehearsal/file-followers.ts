import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

/** A file to follow and who gets what is written to it. */
export interface FollowedFile {
  readonly file: string;
  readonly onText: (text: string) => void;
}

const EVERY_MS = 150;
const CHUNK_BYTES = 1 << 18;

/** Reads files while other processes write them. A file need not exist yet. */
export class FileFollowers {
  private readonly positions: { readonly followed: FollowedFile; readonly decoder: StringDecoder; offset: number }[];
  private readonly timer: NodeJS.Timeout;

  public constructor(files: readonly FollowedFile[]) {
    this.positions = files.map((followed) => ({ followed, decoder: new StringDecoder('utf8'), offset: 0 }));
    this.timer = setInterval(() => this.readOn(), EVERY_MS);
  }

  /** Reads what is left and stops. */
  public end(): void {
    clearInterval(this.timer);
    this.readOn();
  }

  private readOn(): void {
    for (const position of this.positions) {
      const { file, onText } = position.followed;
      if (!existsSync(file)) continue;
      const handle = openSync(file, 'r');
      try {
        const chunk = Buffer.alloc(CHUNK_BYTES);
        for (;;) {
          const length = readSync(handle, chunk, 0, CHUNK_BYTES, position.offset);
          if (length === 0) break;
          position.offset += length;
          onText(position.decoder.write(chunk.subarray(0, length)));
        }
      } finally {
        closeSync(handle);
      }
    }
  }
}
