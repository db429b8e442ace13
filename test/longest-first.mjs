import * as fs from 'node:fs';
import * as path from 'node:path';
import TestSequencer from '@jest/test-sequencer';

/**
 * What takes longest, half a minute or more each, the longest first. Jest orders by what took long in an earlier run, and in a fresh clone by the
 * size of the files: what takes minutes would begin last, while one core has nothing to do.
 */
const LONGEST = [
  'e2e/drill/constructs', 'e2e/drill/command', 'e2e/drill/prove', 'e2e/gate/audit', 'e2e/examples', 'e2e/drill/keeping', 'e2e/drill/attacks', 'e2e/package', 'e2e/drill/alarms',
  'e2e/gate/try-gate', 'e2e/worker/replay', 'e2e/drill/workers', 'e2e/drill/variants', 'e2e/drill/gate-attacks', 'e2e/drill/emulator', 'e2e/rotation/under-load', 'e2e/gate/openai', 'e2e/gate/presence',
  'e2e/rotation/postgres-mishaps', 'e2e/report', 'e2e/gate/process', 'e2e/gate/limiter-killed', 'e2e/gate/stuck-output', 'e2e/rotate', 'e2e/lockdown',
].map((name) => path.join(import.meta.dirname, `${name}.test.ts`));

const gone = LONGEST.filter((file) => !fs.existsSync(file));
if (gone.length > 0) throw new Error(`${import.meta.filename} names tests that are not there: ${gone.join(', ')}.`);

export default class LongestFirst extends TestSequencer {
  sort(tests) {
    const placeOf = ({ path: file }) => (LONGEST.includes(file) ? LONGEST.indexOf(file) : LONGEST.length);
    return super.sort(tests).sort((one, other) => placeOf(one) - placeOf(other));
  }
}
