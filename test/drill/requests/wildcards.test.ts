import { instances, matches } from '../../../src/drill/requests/wildcards';

test.each([
  ['/v1/*', '/v1/things', true],
  ['/v1/*', '/v1/', true],
  ['/v1/*', '/v1', false],
  ['/v1/*', '/V1/things', false],
  ['/a?c', '/abc', true],
  ['/a?c', '/ac', false],
  ['/a.c', '/abc', false],
  ['*.acme.test', 'core.acme.test', true],
  ['*.acme.test', 'acme.test', false],
  ['${Domain}', '${Domain}', true],
  ['a\\*', 'a\\b', true],
])('%s and %s: %s', (pattern, text, expected) => {
  expect(matches(pattern, text, { anyCase: false })).toBe(expected);
});

test('the case matters only where it is said to', () => {
  expect(matches('Core.*', 'CORE.test', { anyCase: true })).toBe(true);
});

test.each([
  ['a\\*b', 'a*b', true],
  ['a\\*b', 'axb', false],
  ['a\\?', 'a?', true],
  ['a*b', 'axb', true],
])('in a query a backslash makes a wildcard a character: %s and %s', (pattern, text, expected) => {
  expect(matches(pattern, text, { kind: 'query', anyCase: true })).toBe(expected);
});

test.each(['/v1/*', '/a?c', '*', '?', 'plain', '*/x/*?', '[a]*', ''])('instances of "%s" match it', (pattern) => {
  expect(instances(pattern).filter((text) => !matches(pattern, text, { anyCase: false }))).toEqual([]);
  expect(instances(pattern).length).toBeGreaterThan(0);
});

test('instances of a query pattern match it', () => {
  expect(instances('\\*-*', 'query')).toContain('*-drill');
  expect(instances('\\*-*', 'query').every((text) => matches('\\*-*', text, { kind: 'query', anyCase: true }))).toBe(true);
});

test('a pattern without wildcards has one instance', () => {
  expect(instances('/v1')).toEqual(['/v1']);
});
