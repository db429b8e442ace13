import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import type { Program } from './installed';

export interface LoadTarget {
  readonly url: string;
  readonly path: string;
  readonly body: string;
  /** One set for each request in turn. */
  readonly headers: readonly Readonly<Record<string, string>>[];
}

export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  readonly p50Micros: number;
  readonly p99Micros: number;
  /** Of the generator itself. */
  readonly processorMicros: number;
}

interface Said {
  readonly requests: number;
  readonly micros: number;
  readonly p50: number;
  readonly p99: number;
  readonly errors: number;
}

const lua = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n')}"`;

/** The requests are made once; wrk sends them in turn. */
function scriptFor({ path: target, body, headers }: LoadTarget): string {
  const tables = headers.map((one) => `{ ${Object.entries(one).map(([name, value]) => `[${lua(name)}] = ${lua(value)}`).join(', ')} }`);
  return `
local headers = { ${tables.join(', ')} }
local made, turn = {}, 0
function init()
  for index, one in ipairs(headers) do made[index] = wrk.format("POST", ${lua(target)}, one, ${lua(body)}) end
end
function request()
  turn = turn % #made + 1
  return made[turn]
end
function done(summary, latency)
  local errors = summary.errors
  io.write(string.format('\\nRESULT {"requests":%d,"micros":%d,"p50":%d,"p99":%d,"errors":%d}\\n', summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
`;
}

/** Loads with wrk: each connection asks again as soon as it is answered. Rejects where any request was not answered well. */
export async function load(wrk: Program, target: LoadTarget, connections: number, seconds: number, folder: string): Promise<LoadResult> {
  const script = path.join(folder, 'load.lua');
  await writeFile(script, scriptFor(target), { mode: 0o600 });
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s', '-s', script, target.url];
  const output = await outputOf('bash', ['-c', 'TIMEFORMAT="TIME %U %S"; time "$@"', 'bash', wrk.file, ...args], { ...process.env, ...wrk.env });
  const said = /^RESULT (.*)$/m.exec(output)?.[1];
  const [, user = '0', system = '0'] = /^TIME ([\d.]+) ([\d.]+)$/m.exec(output) ?? [];
  if (said === undefined) throw new Error(`wrk gave no result: ${output.trim().slice(-300)}`);
  const { requests, micros, p50, p99, errors } = JSON.parse(said) as Said;
  if (errors > 0 || requests === 0) throw new Error(`${errors} of ${requests} requests were not answered well`);
  return { requests, seconds: micros / 1e6, p50Micros: p50, p99Micros: p99, processorMicros: (Number(user) + Number(system)) * 1e6 };
}

function outputOf(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => { output += text; });
    child.once('error', reject).once('close', () => resolve(output));
  });
}
