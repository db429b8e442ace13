import { createHash } from 'node:crypto';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import type { Resource } from '../../checks/template/resource';
import type { AssetFiles } from '../emulator/assets';
import type { Emulator } from '../emulator/emulator';
import { lastLines } from '../processes/last-lines';
import type { Supervisor } from '../processes/supervisor';
import type { EmulatorCredentials } from './clients';

export interface FunctionSurroundings {
  readonly supervisor: Supervisor;
  readonly assets: AssetFiles;
  readonly emulator: Emulator;
}

/** What Lambda gives a function. */
export interface FunctionGiven {
  readonly environment: Readonly<Record<string, string>>;
  /** Of its role. */
  readonly credentials: EmulatorCredentials;
}

/** What came of a call. */
export interface FunctionRan {
  readonly answer: unknown;
  /** All that it wrote, which is its log. */
  readonly written: string;
}

/** Begins the line with the answer; what else the function writes is its log. */
const ANSWER = 'drill-answer:';
const SHOWN_LINES = 5;

/** By so many milliseconds the clock of a function goes ahead: what it would wait for has then been waited for. */
export const AHEAD_VARIABLE = 'DRILL_AHEAD_MS';

/** Lambda's part, as far as one call needs it: finds the handler, hands it the event, and says what it answered or that it threw. */
const RUNNER = `
const [, file, name, event] = process.argv;
const ahead = Number(process.env.${AHEAD_VARIABLE} ?? 0);
const { now } = Date;
Date.now = () => now() + ahead;
Promise.resolve().then(() => require(file)[name](JSON.parse(event), { getRemainingTimeInMillis: () => 60000 })).then(
  (answer) => { process.stdout.write('\\n${ANSWER}' + JSON.stringify({ answer: answer ?? null }) + '\\n', () => process.exit(0)); },
  (error) => { process.stdout.write('\\n${ANSWER}' + JSON.stringify({ error: String(error && error.name) + ': ' + String(error && error.message) }) + '\\n', () => process.exit(0)); },
);`;

/** Runs a function's own code in a process of its own, which knows no AWS but the emulator. Throws what the function throws. */
export async function runFunction({ supervisor, assets, emulator }: FunctionSurroundings, fn: Resource, { environment, credentials }: FunctionGiven, event: unknown): Promise<FunctionRan> {
  const { file, name } = await codeOf(fn, { supervisor, assets });
  const started = supervisor.start(`function ${fn.logicalId}`, process.execPath, ['-e', RUNNER, file, name, JSON.stringify(event)], surroundingsOf(emulator, { environment, credentials }));
  await started.exited;
  const lines = started.output().split('\n');
  const line = lines.find((text) => text.startsWith(ANSWER));
  if (line === undefined) throw new Error(`the function ${fn.logicalId} ended without an answer: ${lastLines(started.output(), SHOWN_LINES).trim()}`);
  const { answer, error } = JSON.parse(line.slice(ANSWER.length)) as { readonly answer?: unknown; readonly error?: string };
  if (error !== undefined) throw new Error(`the function ${fn.logicalId} failed: ${error} ${logged(started.output())}`);
  return { answer, written: lines.filter((text) => text !== line).join('\n') };
}

/** The file that a function begins in, and the name of its handler there. */
export async function codeOf(fn: Resource, { supervisor, assets }: Pick<FunctionSurroundings, 'supervisor' | 'assets'>): Promise<{ readonly file: string; readonly name: string }> {
  const [module = '', name = ''] = (fn.evaluateAll().get('Handler').text() ?? '').split(/\.(?=[^.]*$)/);
  const written = fn.evaluateAll().get('Code.ZipFile').text();
  const folder = written === undefined ? assets.get(fn.evaluateAll().get('Code.S3Key').partialText().text.replace(/\.[^.]*$/, '')) : await unpacked(written, module, supervisor);
  if (folder === undefined || !(await stat(folder)).isDirectory()) throw new Error(`the code of the function ${fn.logicalId} is not in the assembly.`);
  return { file: path.join(folder, `${module}.js`), name };
}

/** Code that stands in the template itself. */
async function unpacked(code: string, module: string, { folder }: Supervisor): Promise<string> {
  const to = path.join(folder, `code-${createHash('sha256').update(code).digest('hex')}`);
  await mkdir(to, { recursive: true });
  await writeFile(path.join(to, `${module}.js`), code);
  return to;
}

/** All that a function is told: its own variables, and what Lambda adds. */
export function surroundingsOf({ endpoint, region }: Emulator, { environment, credentials: { accessKeyId, secretAccessKey, sessionToken } }: FunctionGiven): Record<string, string> {
  return {
    ...environment,
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    ...(sessionToken !== undefined && { AWS_SESSION_TOKEN: sessionToken }),
  };
}

/** What the function wrote about it: its log is JSON, a line each, and warnings of the runtime are not its own. */
function logged(output: string): string {
  return lastLines(output.split('\n').filter((line) => line.startsWith('{')).join('\n'), SHOWN_LINES).trim();
}
