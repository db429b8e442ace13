import { type ChildProcess, spawn } from 'node:child_process';
import { AHEAD_VARIABLE } from '../keeping/function';

/** Lambda's part: loads the code once, and hands it one event after another for as long as somebody is there to send them. */
const RUNNER = `
const ahead = Number(process.env.${AHEAD_VARIABLE} ?? 0);
const { now } = Date;
Date.now = () => now() + ahead;
const { handler } = require(process.argv[1]);
process.on('disconnect', () => process.exit(0));
process.on('message', (event) => Promise.resolve().then(() => handler(event)).then(
  (answer) => process.send({ answer: answer ?? null }),
  (error) => process.send({ failure: String(error && error.name) + ': ' + String(error && error.message) }),
));`;

/** What came of one call. */
export type Called = { readonly answer: unknown } | { readonly failure: string };

/** One execution environment of a function: a process that has one event at a time, as in Lambda. It ends with whoever started it. */
export class FunctionProcess {
  private readonly child: ChildProcess;
  private settle?: (called: Called) => void;
  private gone?: string;

  public constructor(file: string, env: Readonly<Record<string, string>>, onOutput: (text: string) => void) {
    this.child = spawn(process.execPath, ['-e', RUNNER, file], { env: { PATH: process.env.PATH ?? '', ...env }, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    for (const stream of [this.child.stdout, this.child.stderr]) stream?.setEncoding('utf8').on('data', onOutput);
    this.child.on('message', (called: Called) => this.end(called));
    this.child.on('error', (error) => this.end({ failure: error.message }));
    this.child.on('exit', (code, signal) => {
      this.gone = `the function ended with ${signal ?? code ?? 'nothing'}`;
      this.end({ failure: this.gone });
    });
  }

  public get isAlive(): boolean {
    return this.gone === undefined;
  }

  /** Not while another call is under way. Never throws. */
  public call(event: unknown): Promise<Called> {
    if (this.gone !== undefined) return Promise.resolve({ failure: this.gone });
    return new Promise((resolve) => {
      this.settle = resolve;
      this.child.send(JSON.parse(JSON.stringify(event)) as object);
    });
  }

  public async stop(): Promise<void> {
    if (this.gone !== undefined) return;
    const exited = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await exited;
  }

  private end(called: Called): void {
    const { settle } = this;
    this.settle = undefined;
    // What it wrote before stands in another pipe, which is read by then: its log is told before its answer.
    setImmediate(() => settle?.(called));
  }
}
