import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { PACK_NAMES, type PackName } from './packs';
import type { Program } from './program';
import { COMPARED, type StackName } from './stacks';

/** Milliseconds of one synth in each round, from the start of its process to its end. */
export type Times = ReadonlyMap<StackName, ReadonlyMap<PackName, readonly number[]>>;

/** The ratio that the project promises to stay under: ours with our pack to ecs-patterns with AwsSolutions. */
export const GOAL = 1.3;

const ROUNDS = 7;

/** What the CDK writes once plugins have judged. */
const REPORT = 'validation-report.json';

/** Runs one synth in a process of its own, into an empty folder, and says how long that lived, whether a pack has found something or not. */
export function synthOnce({ file }: Program, stack: StackName, pack: PackName, outdir: string): number {
  fs.rmSync(outdir, { recursive: true, force: true });
  const env = { ...process.env, NODE_ENV: 'production', CDK_VALIDATION: 'false' };
  const { stdout, stderr } = spawnSync(process.execPath, [file, stack, pack, outdir], { encoding: 'utf8', env, maxBuffer: 1 << 28 });
  const lived = /\nlived ([\d.]+)\n/.exec(stdout)?.[1];
  if (lived === undefined) throw new Error(`${stack} could not be synthesized with ${pack}: ${stderr.trim().split('\n').slice(-3).join(' ')}`);
  if (fs.existsSync(path.join(outdir, REPORT)) !== (pack !== 'bare')) throw new Error(`${stack} with ${pack}: ${REPORT} must be there exactly if a pack judges.`);
  return Number(lived);
}

/** Every stack with every pack, taking turns within a round, so that a busy moment of the machine meets all of them. */
export function time(program: Program, folder: string, say: (line: string) => void): Times {
  const combinations = COMPARED.flatMap((stack) => PACK_NAMES.map((pack) => ({ stack, pack, lived: [] as number[] })));
  for (let round = 0; round <= ROUNDS; round += 1) {
    say(`synth, round ${round} of ${ROUNDS}${round === 0 ? ' (warm-up, not counted)' : ''}`);
    for (const { stack, pack, lived } of combinations) {
      const took = synthOnce(program, stack, pack, path.join(folder, `${stack}-${pack}`));
      if (round > 0) lived.push(took);
    }
  }
  return new Map(COMPARED.map((stack) => [stack, new Map(combinations.filter((one) => one.stack === stack).map(({ pack, lived }) => [pack, lived]))]));
}

/** How many times as long one took as the other, round by round: what slows the machine down in a round slows both. */
export function ratiosByRound(times: readonly number[], base: readonly number[]): number[] {
  return times.map((took, round) => took / (base[round] ?? Number.NaN));
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
