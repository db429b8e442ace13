import type { WireAnswer, WireRequest } from '../scene';
import { mask } from './masking';

const LINE_CHARACTERS = 1000;
const BODY_CHARACTERS = 200;
/** What every answer has and nobody learns from. */
const DULL_HEADERS: ReadonlySet<string> = new Set(['connection', 'content-length', 'date', 'keep-alive', 'transfer-encoding']);

/** What went over the wire in the course of one attack. Every line passes through the mask, and nothing else writes. */
export class Transcript {
  /** @param lines what is written to: the record's own, so that they are there when an attack breaks off */
  public constructor(private readonly lines: string[]) {}

  public note(line: string): void {
    this.write('', line);
  }

  public sent({ method, path, headers, body, from, client }: WireRequest): void {
    this.caller({ from, client });
    this.write('> ', `${method} ${path} HTTP/1.1`);
    for (const [name, value] of Object.entries(headers)) this.write('> ', `${name}: ${value}`);
    this.body('> ', body ?? '');
  }

  public received({ status, headers, body }: WireAnswer): void {
    this.write('< ', String(status));
    for (const [name, value] of Object.entries(headers)) if (!DULL_HEADERS.has(name)) this.write('< ', `${name}: ${value}`);
    this.body('< ', body);
  }

  public sentRaw(bytes: string, caller: Pick<WireRequest, 'from' | 'client'>): void {
    this.caller(caller);
    this.raw('> ', bytes);
  }

  public receivedRaw(bytes: string): void {
    if (bytes === '') this.write('< ', '(nothing)');
    else this.raw('< ', bytes);
  }

  /** Why no answer came. */
  public failed(reason: string): void {
    this.write('! ', reason);
  }

  private caller({ from, client }: Pick<WireRequest, 'from' | 'client'>): void {
    if (from !== undefined) this.note(`(from ${from})`);
    if (client !== undefined) this.note('(with a client certificate)');
  }

  private raw(direction: string, bytes: string): void {
    for (const line of shorten(mask(bytes), LINE_CHARACTERS).split(/\r?\n/)) this.write(direction, line);
  }

  /** Masked as a whole before it is cut: half a secret looks like none. */
  private body(direction: string, text: string): void {
    if (text === '') return;
    this.write(direction, '');
    this.raw(direction, shorten(mask(text), BODY_CHARACTERS));
  }

  private write(direction: string, line: string): void {
    this.lines.push(shorten(mask(`${direction}${line}`), LINE_CHARACTERS).trimEnd());
  }
}

function shorten(text: string, characters: number): string {
  return text.length <= characters ? text : `${text.slice(0, characters)}… (${text.length} characters)`;
}
