import { Client } from 'undici';
import type { Clock } from './ports';

/** How long the Core may take to say that it is well. */
const TIMEOUT_MS = 2000;
/** What one answer is good for: however often strangers ask, the Core is asked once a second. */
const FRESH_MS = 1000;

/** Whether the Core is well, by its own word. */
export class CoreHealth {
  private readonly client: Client;
  private last?: { readonly at: number; readonly isWell: boolean };
  private pending?: Promise<boolean>;

  public constructor(corePort: number, private readonly path: string, private readonly clock: Clock) {
    // A connection of its own: health is not to wait behind requests.
    this.client = new Client(`http://127.0.0.1:${corePort}`, { pipelining: 0, headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS, connectTimeout: TIMEOUT_MS });
  }

  /** Never throws: who does not answer is not well. */
  public async isWell(): Promise<boolean> {
    if (this.last && this.clock() - this.last.at < FRESH_MS) return this.last.isWell;
    // Whoever asks meanwhile shares the answer.
    this.pending ??= this.ask().then((isWell) => {
      this.last = { at: this.clock(), isWell };
      this.pending = undefined;
      return isWell;
    });
    return this.pending;
  }

  public async close(): Promise<void> {
    await this.client.destroy();
  }

  private async ask(): Promise<boolean> {
    try {
      const { statusCode, body } = await this.client.request({ method: 'GET', path: this.path, signal: AbortSignal.timeout(TIMEOUT_MS) });
      // Not read: its status is all that counts, and its body may have no end.
      body.on('error', () => undefined).destroy();
      return statusCode === 200;
    } catch {
      return false;
    }
  }
}
