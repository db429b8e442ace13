import { spawnSync } from 'node:child_process';
import * as path from 'node:path';
import { buildSync } from 'esbuild';

const ROOT = path.resolve(__dirname, '../..');

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The command line as it is published, in a folder of its own: `run` starts it there. */
export class CommandLine {
  private readonly program: string;

  public constructor(private readonly folder: string) {
    this.program = path.join(folder, 'cli/cdk-secure-core.js');
    buildSync({ entryPoints: [path.join(ROOT, 'src/cli/main.ts')], bundle: true, platform: 'node', target: 'node20', outfile: this.program });
  }

  public run(...args: readonly string[]): Ran {
    const { status, stdout, stderr } = spawnSync(process.execPath, [this.program, ...args], { encoding: 'utf8', cwd: this.folder, env: { PATH: process.env.PATH, CI: 'true' } });
    return { code: status, out: stdout, err: stderr };
  }
}
