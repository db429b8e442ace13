import { addressHeader, OWN_HEADER, partHeader, reading } from '../../../../src/drill/edge/envoy/waf-reading';
import type { RateKey, WafStatement } from '../../../../src/drill/edge/model';
import { wafRule, webAcl } from './models';

const BLOCK = { kind: 'block', status: 429 } as const;
const rate = (key: RateKey, scopeDown?: WafStatement): WafStatement => ({ kind: 'rate', limit: 100, windowSeconds: 60, key, ...(scopeDown && { scopeDown }) });
const text = (changes: Extract<WafStatement, { kind: 'text' }>['changes']): WafStatement => ({ kind: 'text', part: { kind: 'path' }, changes, match: { kind: 'is', text: '/v1' } });

/** What is read off every request, a line each. */
function lines(...statements: WafStatement[]): string[] {
  const code = JSON.stringify(reading(webAcl(statements.map((statement, priority) => wafRule(priority, statement, BLOCK)))) ?? '').split(String.raw`\n`);
  return code.filter((line) => /^(address|keep)\(/.test(line));
}

test('nothing is read where Envoy can ask by itself', () => {
  expect(reading(webAcl([]))).toBeUndefined();
  expect(reading(webAcl([wafRule(0, rate({ kind: 'address' }), BLOCK), wafRule(1, text([]), BLOCK), wafRule(2, { kind: 'ip-set', cidrs: ['10.0.0.0/8'] }, BLOCK)]))).toBeUndefined();
});

test('an address in a header is read once, however many rules ask for it', () => {
  const forwarded = { kind: 'forwarded', from: { header: 'True-Client-IP', otherwise: true } } as const;
  expect(lines(rate(forwarded), rate({ kind: 'several', keys: [forwarded, { kind: 'method' }] }))).toHaveLength(1);
});

test('first and last address of a list, and what holds without one, are kept apart', () => {
  const set = (position: 'first' | 'last', otherwise: boolean): WafStatement => ({ kind: 'ip-set', cidrs: ['10.0.0.0/8'], forwarded: { header: 'x-forwarded-for', otherwise, position } });
  const found = lines(set('first', true), set('first', false), set('last', true), set('last', false));
  expect(new Set(found).size).toBe(4);
  expect(addressHeader({ header: 'X-Forwarded-For', otherwise: false }, 'last')).toBe(`${OWN_HEADER}last-x-forwarded-for`);
});

test('a part is read with its changes in their order, also where it only narrows a rate or stands below other statements', () => {
  const changed = text(['url-decode', 'normalize-path', 'lowercase']);
  const [line = ''] = lines(rate({ kind: 'address' }, { kind: 'not', statement: { kind: 'and', statements: [changed, changed] } }));
  expect(line).toMatch(/\{decode, normalize, string\.lower\}/);
  expect(partHeader({ kind: 'path' }, ['url-decode', 'lowercase'])).not.toBe(partHeader({ kind: 'path' }, ['lowercase', 'url-decode']));
});

test('names that callers choose for headers do not depend on their case', () => {
  expect(partHeader({ kind: 'header', name: 'X-Key' }, [])).toBe(partHeader({ kind: 'header', name: 'x-key' }, []));
});
