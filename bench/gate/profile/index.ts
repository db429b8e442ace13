import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { buildSync } from 'esbuild';
import { check } from '../check';
import { load } from '../load';
import { ours, startOurs } from '../peers/ours';
import type { Stage } from '../stage';
import { CORE_PATH, REQUEST_BODY } from '../upstream';
import { type CpuProfile, framesOf, modulesOf } from './cpu-profile';
import { flameGraph } from './flame';
import { heaviest, timeByGroup } from './groups';

const ROOT = path.resolve(__dirname, '../../..');
const FLAME = path.join(ROOT, 'docs/performance-flame.svg');
const CONNECTIONS = 32;
const WARM_UP_SECONDS = 4;
const SECONDS = 8;
const INTERVAL_MICROS = 250;
const PATIENCE_MS = 20_000;
const SHOWN_FUNCTIONS = 25;

/** Starts and ends a profile at a signal, so that the start of the gate is in none. */
const PRELOAD = (file: string): string => `
const { Session } = require('node:inspector');
const { renameSync, writeFileSync } = require('node:fs');
const session = new Session();
session.connect();
process.once('SIGUSR2', () => {
  session.post('Profiler.enable');
  session.post('Profiler.setSamplingInterval', { interval: ${INTERVAL_MICROS} });
  session.post('Profiler.start');
  process.once('SIGUSR2', () => session.post('Profiler.stop', (error, { profile }) => {
    writeFileSync('${file}.half', JSON.stringify(profile));
    renameSync('${file}.half', '${file}');
  }));
});
`;

/** Loads the gate, bundled with its names, and shows where its time goes. */
export async function profile(stage: Stage, say: (line: string) => void): Promise<void> {
  const [entry, preload, result] = ['gate.js', 'profiler.js', 'gate.cpuprofile'].map((name) => path.join(stage.folder, name)) as [string, string, string];
  buildSync({ entryPoints: [path.join(ROOT, 'src/runtime/gate/main.ts')], absWorkingDir: ROOT, bundle: true, outfile: entry, platform: 'node', target: 'node20', logLevel: 'warning' });
  await writeFile(preload, PRELOAD(result));
  const running = await startOurs(stage, { node: ['--require', preload], entry });
  await check(ours, running, stage);
  const target = { url: running.url, path: CORE_PATH, body: REQUEST_BODY, headers: stage.keys.good.map((key) => running.headersFor(key)) };
  await load(stage.wrk, target, CONNECTIONS, WARM_UP_SECONDS, stage.folder);
  process.kill(running.process.pid, 'SIGUSR2');
  const { requests } = await load(stage.wrk, target, CONNECTIONS, SECONDS, stage.folder);
  process.kill(running.process.pid, 'SIGUSR2');
  const frames = framesOf(await read(result), modulesOf(await readFile(entry, 'utf8')));
  const groups = [...timeByGroup(frames)].sort(([, one], [, other]) => other - one);
  const busy = groups.reduce((sum, [title, micros]) => sum + (title === 'idle' ? 0 : micros), 0);
  say(`\n${requests} requests at ${CONNECTIONS} connections, the main thread alone; the profiler itself slows it down.\n`);
  say('share  µs/request  own time of');
  for (const [title, micros] of groups) say(`${title === 'idle' ? '   -  ' : `${(100 * micros / busy).toFixed(1).padStart(4)}% `}  ${(micros / requests).toFixed(1).padStart(9)}  ${title}`);
  say('\nFunctions by their own time:');
  for (const [name, micros] of heaviest(frames, SHOWN_FUNCTIONS)) say(`  ${(100 * micros / busy).toFixed(1).padStart(4)}%  ${name}`);
  await writeFile(FLAME, flameGraph(frames, `The gate at ${CONNECTIONS} connections`));
  say(`\nFlame graph: ${path.relative(process.cwd(), FLAME)}`);
}

async function read(file: string): Promise<CpuProfile> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!existsSync(file)) {
    if (Date.now() > deadline) throw new Error('The gate wrote no profile.');
    await after(50);
  }
  return JSON.parse(await readFile(file, 'utf8')) as CpuProfile;
}
