import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { buildSync } from 'esbuild';
import type { Output } from '../../../src/runtime/gate/audit/output';
import { createLog } from '../../../src/runtime/gate/log';
import type { LogEvent } from '../../../src/runtime/gate/ports';
import { createRedactor } from '../../../src/runtime/shared/redactor';
import { url64 } from '../../support/credential-shapes';

const LOG = path.resolve(__dirname, '../../../src/runtime/gate/log.ts');
const OUTPUT = path.resolve(__dirname, '../../../src/runtime/gate/audit/output.ts');

/** Lines as a collector would read them. */
function collector(): Pick<Output, 'write' | 'waitingBytes'> & { readonly lines: string[]; events(): Record<string, unknown>[] } {
  const lines: string[] = [];
  return { lines, waitingBytes: 0, write: (line) => void lines.push(line), events: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

describe('a line of the log', () => {
  test('is one JSON object with a time, a level and the fields of its event', () => {
    const stream = collector();
    const log = createLog(stream);
    log.info({ event: 'answered', requestId: 'r-1', code: 'forbidden', status: 403, tookMs: 12.5, bytesCount: 0 });
    log.warn({ event: 'table-slow' });
    expect(stream.lines.every((line) => line.endsWith('\n') && line.indexOf('\n') === line.length - 1)).toBe(true);
    expect(stream.events()).toEqual([
      { level: 'info', time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string, event: 'answered', requestId: 'r-1', code: 'forbidden', status: 403, tookMs: 12.5, bytesCount: 0 },
      { level: 'warn', time: expect.any(String) as string, event: 'table-slow' },
    ]);
  });

  test('has no room for anything else, whatever is in the object', () => {
    const stream = collector();
    const smuggled = {
      event: 'answered', body: 'x', path: '/v1', err: new Error('x'), status: '200', tookMs: 'x',
      headersCount: { a: 1 }, level: 'fatal', requestId: ['x'], NaNMs: Number.NaN, [`${'x'.repeat(41)}Ms`]: 1,
    };
    createLog(stream).info(smuggled as unknown as LogEvent);
    expect(stream.events()).toEqual([{ level: 'info', time: expect.any(String) as string, event: 'answered' }]);
  });

  test('holds no credential, also where one was taken for an id', () => {
    const stream = collector();
    const key = `ctx_${url64(43)}`;
    createLog(stream).info({ event: `refused ${key}`, requestId: key, code: `Bearer ${url64(43)}` });
    expect(stream.events()).toMatchObject([{ event: 'refused [REDACTED]', requestId: '[REDACTED]', code: 'Bearer [REDACTED]' }]);
  });

  test('holds none of the secrets that the service was told', () => {
    const stream = collector();
    createLog(stream, createRedactor({ secrets: ['plain-words-only'] })).warn({ event: 'x', requestId: 'a-plain-words-only' });
    expect(stream.events()).toMatchObject([{ requestId: 'a-[REDACTED]' }]);
  });

  test('cannot be broken in two, and is short', () => {
    const stream = collector();
    createLog(stream).info({ event: 'a\n{"event":"forged"}\u2028', requestId: 'x y '.repeat(10_000) });
    expect(stream.lines).toHaveLength(1);
    expect(stream.lines[0]?.slice(0, -1)).not.toContain('\n');
    expect(stream.lines[0]?.length).toBeLessThan(400);
  });
});

describe('a log', () => {
  test.each<[string, unknown]>([
    ['a getter that throws', { get event(): string { throw new Error('x'); } }],
    ['nothing', undefined],
    ['a text', 'x'],
  ])('does not throw over %s', (_, event) => {
    expect(() => createLog(collector()).info(event as LogEvent)).not.toThrow();
  });

  test('does not throw over an output that does', () => {
    expect(() => createLog({ waitingBytes: 0, write: () => { throw new Error('EPIPE'); } }).warn({ event: 'x' })).not.toThrow();
  });

  test('leaves the memory to records: above four megabytes it counts its lines, and says so once there is room', () => {
    const stream = collector();
    const output = { write: stream.write, waitingBytes: 4 * 1024 * 1024 };
    const log = createLog(output);
    log.info({ event: 'kept' });
    output.waitingBytes += 1;
    for (let line = 0; line < 3; line += 1) log.info({ event: 'lost' });
    output.waitingBytes = 0;
    log.info({ event: 'kept' });
    log.info({ event: 'kept' });
    expect(stream.events().map(({ event, lostCount }) => [event, lostCount])).toEqual([['kept', undefined], ['log-lines-lost', 3], ['kept', undefined], ['kept', undefined]]);
  });
});

describe('the log in a bundle', () => {
  let folder: string;
  let bundle: string;
  beforeAll(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gate-log-'));
    bundle = path.join(folder, 'log.js');
    const contents = `
      import { createLog } from ${JSON.stringify(LOG)};
      import { standardOutput } from ${JSON.stringify(OUTPUT)};
      const log = createLog(standardOutput());
      for (let i = 0; i < 2000; i += 1) log.info({ event: 'answered', status: 200 });
      process.exit(0);`;
    buildSync({ stdin: { contents, resolveDir: __dirname }, bundle: true, platform: 'node', target: 'node22', minify: true, outfile: bundle, logLevel: 'error' });
  });
  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

  test('is one file that needs no other, and loses no line where the process ends at once', () => {
    const lines = execFileSync(process.execPath, [bundle], { cwd: folder, encoding: 'utf8' }).trimEnd().split('\n');
    expect(lines).toHaveLength(2000);
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ level: 'info', event: 'answered', status: 200 });
  });
});
