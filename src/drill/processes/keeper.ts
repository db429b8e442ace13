import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Writable } from 'node:stream';

/**
 * What the keeper runs. It is text because the command line is one bundled file, which leaves no module to start. It reads `+<group>` and
 * `-<group>`; the end of its input means that the drill is gone, by whatever way, SIGKILL included.
 */
const SOURCE = `
process.title = 'cdk-secure-core keeper';
const folder = process.argv[1];
const groups = new Set();
const signal = (name) => {
  for (const group of groups) {
    try { process.kill(-group, name); } catch { groups.delete(group); }
  }
};
const leave = () => {
  signal('SIGKILL');
  require('node:fs').rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  process.exit();
};
let ending = false;
const end = () => {
  if (ending) return;
  ending = true;
  signal('SIGTERM');
  const deadline = Date.now() + 1000;
  const look = () => {
    signal(0);
    if (groups.size === 0 || Date.now() >= deadline) leave();
    else setTimeout(look, 25);
  };
  look();
};
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => {});
process.stdin.on('error', end);
require('node:readline').createInterface({ input: process.stdin }).on('close', end).on('line', (line) => {
  const group = Number(line.slice(1));
  if (!Number.isInteger(group) || group < 2) return;
  if (line[0] === '+') groups.add(group); else groups.delete(group);
});
`;

/**
 * A process that outlives the drill by a moment, to kill the process groups that the drill has left behind and to remove its folder. It
 * sits in a session of its own, out of reach of a Ctrl-C in the terminal.
 */
export class Keeper {
  public static async start(folder: string): Promise<Keeper> {
    const child = spawn(process.execPath, ['-e', SOURCE, folder], { detached: true, cwd: '/', env: {}, stdio: ['pipe', 'ignore', 'ignore'] });
    await once(child, 'spawn');
    child.unref();
    return new Keeper(child, child.stdin);
  }

  private constructor(private readonly child: ChildProcess, private readonly input: Writable) {
    // A keeper that somebody has killed cannot be told anything more; the drill still stops its children itself.
    input.on('error', () => undefined);
  }

  public watch(group: number): void {
    this.input.write(`+${group}\n`);
  }

  /** To be called as soon as the group has ended: its number may become somebody else's. */
  public forget(group: number): void {
    this.input.write(`-${group}\n`);
  }

  /** Lets the keeper do its work and waits for it. */
  public async end(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, 'exit');
    this.child.ref();
    this.input.end();
    await exited;
  }
}
