/**
 * How often the redactor is wrong: credentials of every kind that the tests know, in every place in which they turn up, of which nothing may be left; and innocent texts,
 * of which none should be changed. Both are generated anew in each run; what is printed is what this run found.
 */
import { createRedactor } from '../src/runtime/shared/redactor';
import { leaks, TEXT_PLACES, VALUE_PLACES } from '../test/support/credential-places';
import { NAMED, SHAPED } from '../test/support/credential-shapes';
import { falseRedactions, INNOCENT } from '../test/support/innocent-texts';

const RUNS = 50;
const INNOCENT_RUNS = 2000;
const redactor = createRedactor();

function percent(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(3)} %`;
}

const misses = new Map<string, number>();
let credentials = 0;
const look = (kind: string, place: string, secret: string, output: string): void => {
  credentials += 1;
  if (leaks(output, secret)) misses.set(`${kind} ${place}`, (misses.get(`${kind} ${place}`) ?? 0) + 1);
};
for (let run = 0; run < RUNS; run += 1) {
  for (const [kind, make] of Object.entries(SHAPED)) {
    for (const [place, put] of Object.entries(TEXT_PLACES)) {
      const secret = make();
      look(kind, place, secret, redactor.text(put(secret)));
    }
    for (const [place, put] of Object.entries(VALUE_PLACES)) {
      const secret = make();
      look(kind, `${place} of a structure`, secret, JSON.stringify(redactor.value(put(secret))));
    }
  }
  for (const [kind, make] of Object.entries(NAMED)) {
    const { text, secrets } = make();
    const output = redactor.text(text);
    for (const secret of secrets) look(kind, 'as it is', secret, output);
  }
}
const innocent = falseRedactions((text) => redactor.text(text), INNOCENT_RUNS);

const places = Object.keys(TEXT_PLACES).length + Object.keys(VALUE_PLACES).length;
const kinds = `${Object.keys(SHAPED).length} kinds by shape in ${places} places, ${Object.keys(NAMED).length} by what stands around them`;
const leaked = [...misses.values()].reduce((sum, count) => sum + count, 0);
process.stdout.write([
  `Credentials: ${leaked} of ${credentials} were left, in whole or in part (${kinds}).`,
  ...[...misses].map(([where, count]) => `  ${where}: ${count}`),
  `Innocent texts: ${innocent.changed} of ${innocent.total} were changed, ${percent(innocent.changed, innocent.total)} (${Object.keys(INNOCENT).length} kinds).`,
  ...[...innocent.byKind].map(([kind, count]) => `  ${kind}: ${count} of ${INNOCENT_RUNS}`),
  '',
].join('\n'));
process.exitCode = leaked === 0 ? 0 : 1;
