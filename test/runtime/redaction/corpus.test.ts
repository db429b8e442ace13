import { createRedactor, REDACTED } from '../../../src/runtime/shared/redactor';
import { leaks, TEXT_PLACES, VALUE_PLACES } from '../../support/credential-places';
import { NAMED, SHAPED } from '../../support/credential-shapes';
import { falseRedactions } from '../../support/innocent-texts';

const RUNS = 20;
const redactor = createRedactor();
const KINDS = Object.entries(SHAPED);

/** Places in which something of a secret is left, if any. */
function leaking<T>(make: () => string, places: Readonly<Record<string, (secret: string) => T>>, redact: (put: T) => string): string[] {
  return Object.entries(places).filter(([, put]) => Array.from({ length: RUNS }, make).some((secret) => leaks(redact(put(secret)), secret))).map(([place]) => place);
}

test.each(KINDS)('Nothing of a credential is left in any text: %s', (_, make) => {
  expect(leaking(make, TEXT_PLACES, (text) => redactor.text(text))).toEqual([]);
});

test.each(KINDS)('Nothing of a credential is left in any structure: %s', (_, make) => {
  expect(leaking(make, VALUE_PLACES, (value) => JSON.stringify(redactor.value(value)))).toEqual([]);
});

test('A token is found whole that holds by chance what a key begins with', () => {
  const token = `${Buffer.from('{"alg":"RSA-OAEP"}').toString('base64url')}.${'k'.repeat(40)}ctx_${'m'.repeat(40)}.${'n'.repeat(16)}.${'o'.repeat(80)}.${'p'.repeat(22)}`;
  expect(redactor.text(token)).toBe(REDACTED);
  expect(redactor.value({ a: token })).toEqual({ a: REDACTED });
});

test.each(Object.entries(NAMED))('Nothing of a credential is left that its surroundings tell, within a message, a stack, a structure and JSON: %s', (_, make) => {
  for (let run = 0; run < RUNS; run += 1) {
    const { text, secrets } = make();
    const error = new Error(`refused:\n${text}`);
    const outputs = [redactor.text(`refused:\n${text}\n    at node:net:1:1`), JSON.stringify(redactor.value(error)),
      JSON.stringify(redactor.value({ a: [{ line: text }] })), redactor.text(JSON.stringify({ line: text }))];
    for (const [at, output] of outputs.entries()) expect([at, secrets.filter((secret) => output.includes(secret))]).toEqual([at, []]);
  }
});

test('A secret that is known is found in every place, however it looks', () => {
  const secret = 'plain words/that+look like=nothing';
  const told = createRedactor({ secrets: [secret] });
  const spelled = { ...TEXT_PLACES, 'in JSON with a quote': (one: string) => JSON.stringify({ a: `"${one}"` }) };
  expect(Object.entries(spelled).filter(([, put]) => leaks(told.text(put(secret)), secret)).map(([place]) => place)).toEqual([]);
});

test('What is redacted once stays as it is', () => {
  for (const [, make] of KINDS) {
    for (const put of Object.values(TEXT_PLACES)) {
      const once = redactor.text(put(make()));
      expect(redactor.text(once)).toBe(once);
      expect(once).toContain(REDACTED);
    }
  }
});

test('Innocent texts are left alone, but for one in two hundred', () => {
  const { total, changed, byKind } = falseRedactions((text) => redactor.text(text), 200);
  const kinds = [...byKind].map(([kind, count]) => `, ${kind} ${count}`).join('');
  process.stdout.write(`Redacted without need: ${changed} of ${total} innocent texts (${((100 * changed) / total).toFixed(2)} %)${kinds}\n`);
  expect(changed / total).toBeLessThanOrEqual(0.005);
});

test('A redactor that hides everything would be found by the same measure', () => {
  expect(falseRedactions(() => REDACTED, 1)).toMatchObject({ changed: falseRedactions((text) => text, 1).total });
});
