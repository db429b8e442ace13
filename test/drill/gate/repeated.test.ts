import { CARRIERS, escaped, inQuery, pairsWith } from '../../../src/drill/gate/attacks/repeated';
import { checkQuery } from '../../../src/runtime/gate/hygiene/query';
import { receivedHeaders } from '../../../src/runtime/gate/received-headers';
import { traceContextOf } from '../../../src/runtime/gate/trace-context';
import { createRedactor } from '../../../src/runtime/shared/redactor';

const KEY = `ctx_${'a1B2c3D4'.repeat(5)}`;
const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJkcmlsbCJ9.c2lnbmF0dXJl';

/** What the gate passes on. */
const passedOn = (headers: Readonly<Record<string, string>>): string => JSON.stringify(traceContextOf(receivedHeaders(Object.entries(headers).flat()), createRedactor()));

describe.each(Object.entries(CARRIERS))('%s', (_, carry) => {
  test('is so well formed that a harmless text gets through', () => {
    const passed = passedOn(carry('harmless'));
    expect(['harmless', escaped('harmless')].some((text) => passed.includes(text))).toBe(true);
  });

  test.each([['a key', KEY], ['a token', TOKEN]])('does not get %s through', (__, credential) => {
    const passed = passedOn(carry(credential));
    expect([credential, escaped(credential)].filter((text) => passed.includes(text))).toEqual([]);
  });
});

test('what is escaped comes back when percent signs are undone', () => {
  expect(escaped(KEY)).not.toContain('ctx_');
  expect(decodeURIComponent(escaped(KEY))).toBe(KEY);
});

test('a pair is put behind what is asked for already', () => {
  const request = { method: 'GET', headers: {} };
  expect([inQuery({ ...request, path: '/v1' }, 'a=b').path, inQuery({ ...request, path: '/v1?x=y' }, 'a=b').path]).toEqual(['/v1?a=b', '/v1?x=y&a=b']);
});

describe('a credential in the query', () => {
  const configuration = { header: 'x-acme-key', prefix: 'acme_', inAuthorization: false };

  test.each(pairsWith(TOKEN, `acme_${'a1B2c3D4'.repeat(5)}`, configuration.header))('%s is none that a gate lets pass', (pair) => {
    expect(() => checkQuery(pair, configuration)).toThrow();
    expect(() => checkQuery('prompt=harmless', configuration)).not.toThrow();
  });

  test('stands under no other names where no key is taken', () => {
    expect(pairsWith(TOKEN, undefined, undefined).every((pair) => pair.endsWith(`=${TOKEN}`))).toBe(true);
    for (const pair of pairsWith(TOKEN, undefined, undefined)) expect(() => checkQuery(pair, undefined)).toThrow();
  });
});
