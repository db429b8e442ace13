import { spawn } from 'node:child_process';
import * as path from 'node:path';
import { findPython, PYTHON_WANTED } from '../../src/drill/toolbox/python';

const PROGRAM = path.resolve(__dirname, '../e2e/worker/python/worker.py');

export interface PythonWorkerOptions {
  readonly args: readonly string[];
  /** Lines for standard input: the shared key or the join token, and what is told when it is asked anew. @default - none */
  readonly keys?: readonly string[];
}

export interface PythonWorkerEnd {
  readonly code: number | null;
  /** The one line that it prints. */
  readonly line: Readonly<Record<string, unknown>>;
  /** All that it wrote, also of errors. */
  readonly output: string;
}

/** Runs the worker in Python until it ends, with nothing in its environment. */
export function runPythonWorker({ args, keys = [] }: PythonWorkerOptions): Promise<PythonWorkerEnd> {
  const python = findPython();
  if (python === undefined) throw new Error(`The worker needs ${PYTHON_WANTED} on the PATH; none was found.`);
  return new Promise((resolve, reject) => {
    // -B: no compiled files beside the sources; -W error: nothing that Python is about to drop.
    const child = spawn(python, ['-B', '-W', 'error', PROGRAM, ...args], { env: { PATH: process.env.PATH }, stdio: ['pipe', 'pipe', 'pipe'] });
    let [told, complained] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => { told += text; });
    child.stderr.setEncoding('utf8').on('data', (text: string) => { complained += text; });
    // It may end before it reads.
    child.stdin.on('error', () => undefined).end(keys.map((key) => `${key}\n`).join(''));
    child.on('error', reject).on('close', (code) => {
      if (complained !== '' || told.split('\n').length !== 2) reject(new Error(`Not one line: ${told}${complained}`));
      else resolve({ code, line: JSON.parse(told) as Record<string, unknown>, output: told });
    });
  });
}
