import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

const EVERY_MS = 150;
const CHUNK_BYTES = 1 << 20;

/** Reads a file while another process writes it. */
export class LogFollower {
  private offset = 0;
  private readonly decoder = new StringDecoder('utf8');
  private readonly timer: NodeJS.Timeout;

  public constructor(
    private readonly file: string,
    private readonly onText: (text: string) => void,
  ) {
    this.timer = setInterval(() => this.readOn(), EVERY_MS);
  }

  /** Reads what is left and stops. */
  public end(): void {
    clearInterval(this.timer);
    this.readOn();
  }

  private readOn(): void {
    if (!existsSync(this.file)) return;
    const handle = openSync(this.file, 'r');
    try {
      const chunk = Buffer.alloc(CHUNK_BYTES);
      for (;;) {
        const length = readSync(handle, chunk, 0, CHUNK_BYTES, this.offset);
        if (length === 0) return;
        this.offset += length;
        this.onText(this.decoder.write(chunk.subarray(0, length)));
      }
    } finally {
      closeSync(handle);
    }
  }
}
