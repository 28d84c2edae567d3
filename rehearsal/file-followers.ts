import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

/** What was written to a file since it was last looked at. */
export interface NewText {
  readonly file: string;
  readonly text: string;
}

const EVERY_MS = 150;
const CHUNK_BYTES = 1 << 18;

/** Reads files while other processes write them. A file need not exist yet. */
export class FileFollowers {
  private readonly positions: { readonly file: string; readonly decoder: StringDecoder; offset: number }[];
  private readonly timer: NodeJS.Timeout;

  /** @param onTexts receives what is new in all files together, now and then */
  public constructor(
    files: readonly string[],
    private readonly onTexts: (texts: readonly NewText[]) => void,
  ) {
    this.positions = files.map((file) => ({ file, decoder: new StringDecoder('utf8'), offset: 0 }));
    this.timer = setInterval(() => this.readOn(), EVERY_MS);
  }

  /** Reads what is left and stops. */
  public end(): void {
    clearInterval(this.timer);
    this.readOn();
  }

  private readOn(): void {
    const texts = this.positions
      .filter((it) => existsSync(it.file))
      .map((it) => ({ file: it.file, text: readNew(it) }));
    this.onTexts(texts.filter((it) => it.text !== ''));
  }
}

function readNew(position: { readonly file: string; readonly decoder: StringDecoder; offset: number }): string {
  const handle = openSync(position.file, 'r');
  try {
    const chunk = Buffer.alloc(CHUNK_BYTES);
    let text = '';
    for (;;) {
      const length = readSync(handle, chunk, 0, CHUNK_BYTES, position.offset);
      if (length === 0) return text;
      position.offset += length;
      text += position.decoder.write(chunk.subarray(0, length));
    }
  } finally {
    closeSync(handle);
  }
}
