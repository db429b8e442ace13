import { parseArgs } from 'util';
import { TALLY } from '../test/support/draws/draw';
import { runAll } from '../test/support/random-core';

/** Draws configurations of all profiles, and prints what became of them and how often each prop, enum member and factory was drawn. */
const { values } = parseArgs({ options: { runs: { type: 'string', default: '1000' }, seed: { type: 'string', default: '20261123' } } });
const [runs, seed] = [Number(values.runs), Number(values.seed)];
const started = process.cpuUsage();
const { built, refusals, faults } = runAll(runs, seed, (outcome, index) => {
  if (outcome.kind === 'fault') console.log(`#${index}: ${outcome.says}`);
});
const { user, system } = process.cpuUsage(started);
console.log('\nHow often each was drawn:');
for (const [cell, times] of TALLY.cells) console.log(`${String(times).padStart(6)}  ${cell}`);
console.log('\nRefusals:');
for (const [says, times] of [...refusals].sort(([, one], [, other]) => other - one)) console.log(`${String(times).padStart(6)}  ${says.slice(0, 180)}`);
for (const { says, shown } of faults) console.log(`\nFAULT ${says.slice(0, 600)}\n${JSON.stringify(shown)}`);
const { missing } = TALLY;
if (missing.length > 0) console.log(`\nNever drawn: ${missing.join(', ')}`);
const refused = runs - built - faults.length;
const each = ((user + system) / 1e6 / runs).toFixed(2);
console.log(`\nseed ${seed}: ${runs} configurations, ${built} built and clean, ${refused} refused, ${faults.length} faults; ${each} s of CPU each`);
process.exitCode = faults.length > 0 || missing.length > 0 ? 1 : 0;
