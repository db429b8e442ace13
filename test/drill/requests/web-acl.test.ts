import type { WafStatement, WafVerdict } from '../../../src/drill/edge/model';
import { PLAIN } from '../../../src/drill/requests/drafts';
import type { Draft } from '../../../src/drill/requests/matching';
import { cidrsOf, holds, keyHeadersOf, letsIn, liveSetsOf } from '../../../src/drill/requests/web-acl';
import { place, wafRule, webAcl } from '../edge/envoy/models';

const BLOCK: WafVerdict = { kind: 'block', status: 403 };
const OFFICE: WafStatement = { kind: 'ip-set', cidrs: ['10.0.0.0/8'] };
const draft = (parts: Partial<Draft> = {}): Draft => ({ ...PLAIN, ...parts });
const from = (address: string): Draft => draft({ from: address });

test.each<[string, WafStatement, Partial<Draft>, boolean]>([
  ['an address in a set', OFFICE, { from: '10.1.2.3' }, true],
  ['an address outside', OFFICE, { from: '11.1.2.3' }, false],
  ['not', { kind: 'not', statement: OFFICE }, { from: '11.1.2.3' }, true],
  ['and, with one that does not hold', { kind: 'and', statements: [OFFICE, { kind: 'not', statement: OFFICE }] }, { from: '10.1.2.3' }, false],
  ['or, with one that holds', { kind: 'or', statements: [OFFICE, { kind: 'not', statement: OFFICE }] }, { from: '10.1.2.3' }, true],
  ['a path after its changes', { kind: 'text', part: { kind: 'path' }, changes: ['url-decode', 'normalize-path'], match: { kind: 'is', text: '/v1/run' } }, { path: '/x/../v1/%72un' }, true],
  ['a path as it is sent', { kind: 'text', part: { kind: 'path' }, changes: [], match: { kind: 'is', text: '/v1/run' } }, { path: '/v1/%72un' }, false],
  ['a header in any case', { kind: 'text', part: { kind: 'header', name: 'X-Key' }, changes: ['lowercase'], match: { kind: 'starts-with', text: 'ab' } }, { headers: { 'x-key': 'ABC' } }, true],
  ['a header that is not sent', { kind: 'text', part: { kind: 'header', name: 'X-Key' }, changes: [], match: { kind: 'regex', regex: '.*' } }, {}, false],
  ['a query', { kind: 'text', part: { kind: 'query' }, changes: [], match: { kind: 'contains', text: 'b=2' } }, { query: [{ key: 'a', value: '1' }, { key: 'b', value: '2' }] }, true],
  ['a size', { kind: 'size', part: { kind: 'header', name: 'x-key' }, comparison: 'GT', bytes: 1 }, { headers: { 'X-Key': 'ä' } }, true],
  ['the size of what is not sent', { kind: 'size', part: { kind: 'header', name: 'x-key' }, comparison: 'LT', bytes: 9 }, {}, false],
])('%s: what a statement asks is answered as by WAF', (_, statement, parts, expected) => {
  expect(holds(statement, draft(parts))).toBe(expected);
});

test.each([
  ['10.0.0.1, 192.0.2.1', 'first', true], ['192.0.2.1, 10.0.0.1', 'first', false], ['192.0.2.1, 10.0.0.1', 'last', true], ['nobody', 'first', true],
] as const)('the address that a header names counts, by its place: %s', (value, position, expected) => {
  const statement: WafStatement = { ...OFFICE, kind: 'ip-set', cidrs: ['10.0.0.0/8'], forwarded: { header: 'x-client', position, otherwise: true } };
  expect(holds(statement, draft({ headers: { 'X-Client': value } }))).toBe(expected);
  expect(holds(statement, from('10.0.0.1'))).toBe(false);
});

test('a rate counts whoever shows what it counts by, within its scope', () => {
  const rate: WafStatement = { kind: 'rate', limit: 10, windowSeconds: 60, key: { kind: 'header', name: 'x-key' }, scopeDown: OFFICE };
  expect([from('10.0.0.1'), draft({ from: '10.0.0.1', headers: { 'X-Key': 'a' } }), draft({ headers: { 'x-key': 'a' } })].map((one) => holds(rate, one))).toEqual([false, true, false]);
});

test('the first rule by priority that ends the evaluation decides, and the default where none does', () => {
  const acl = webAcl([wafRule(2, OFFICE, BLOCK), wafRule(1, OFFICE, { kind: 'allow' }), wafRule(0, OFFICE, { kind: 'count' })], BLOCK);
  expect([letsIn(acl, from('10.0.0.1')), letsIn(acl, from('11.0.0.1'))]).toEqual([true, false]);
  expect(letsIn(webAcl([wafRule(0, OFFICE, BLOCK)]), from('10.0.0.1'))).toBe(false);
});

test('a rate lets the first request in, and so does a switch that is not thrown', () => {
  const rate: WafStatement = { kind: 'rate', limit: 10, windowSeconds: 60, key: { kind: 'address' } };
  const live: WafStatement = { kind: 'ip-set', cidrs: [], live: { place: place('Lock'), family: 'v4' } };
  expect(letsIn(webAcl([wafRule(0, rate, BLOCK), wafRule(1, live, BLOCK)]), draft())).toBe(true);
});

test('blocks, headers that are counted by, and switches are found at any depth', () => {
  const live = { place: place('Lock'), family: 'v6' } as const;
  const acl = webAcl([
    wafRule(0, { kind: 'or', statements: [{ kind: 'not', statement: OFFICE }, { kind: 'ip-set', cidrs: [], live }] }, BLOCK),
    wafRule(1, { kind: 'rate', limit: 10, windowSeconds: 60, key: { kind: 'several', keys: [{ kind: 'header', name: 'x-key' }, { kind: 'header', name: 'Authorization' }] } }, BLOCK),
  ]);
  expect([cidrsOf(acl), keyHeadersOf(acl), liveSetsOf(acl)]).toEqual([['10.0.0.0/8'], ['x-key'], [live]]);
  expect([cidrsOf(undefined), keyHeadersOf(undefined), liveSetsOf(undefined)]).toEqual([[], [], []]);
});
