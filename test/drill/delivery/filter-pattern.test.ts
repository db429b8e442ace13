import { lineFilter } from '../../../src/drill/delivery/filter-pattern';
import { DeliveryNotEmulated } from '../../../src/drill/delivery/not-emulated';

const AUDIT = '{ ($.event = "audit") || ($.event = "audit-mark") }';

test.each<[string, string, unknown, boolean]>([
  ['none takes everything', '', 'anything', true],
  ['one of two', AUDIT, { event: 'audit-mark' }, true],
  ['neither', AUDIT, { event: 'audit-lost' }, false],
  ['no JSON', AUDIT, 'event = audit', false],
  ['a text with more behind it', '{ $.event = "audit" }', { event: 'audit-mark' }, false],
  ['a star stands for anything', '{ $.event = "audit*" }', { event: 'audit-mark' }, true],
  ['both', '{ $.a = 1 && $.b = "x" }', { a: 1, b: 'x' }, true],
  ['one of both alone', '{ $.a = 1 && $.b = "x" }', { a: 1, b: 'y' }, false],
  ['and binds before or', '{ $.a = 1 || $.a = 2 && $.b = 3 }', { a: 1 }, true],
  ['parentheses bind first', '{ ($.a = 1 || $.a = 2) && $.b = 3 }', { a: 1 }, false],
  ['what lies within', '{ $.a.b = "x" }', { a: { b: 'x' } }, true],
  ['numbers are compared', '{ $.status >= 400 }', { status: 401 }, true],
  ['a text is no number', '{ $.status >= 400 }', { status: '401' }, false],
  ['what is not there is not another', '{ $.a != "x" }', { b: 1 }, false],
  ['another one is', '{ $.a != "x" }', { a: 'y' }, true],
  ['nothing', '{ $.a IS NULL }', { a: null }, true],
  ['not there', '{ $.a NOT EXISTS }', {}, true],
  ['a flag', '{ $.a IS TRUE }', { a: true }, true],
])('%s', (_, pattern, line, isTaken) => {
  expect(lineFilter(pattern)(typeof line === 'string' ? line : JSON.stringify(line))).toBe(isTaken);
});

test.each(['ERROR', '[ip, user]', '{ $.a }', '{ $.a = "x" extra }', '{ $.a = %regex% }', '{ ($.a = 1 }', '{ $.a < "x" }', '{ a = 1 }'])('%s is not guessed at', (pattern) => {
  expect(() => lineFilter(pattern)).toThrow(DeliveryNotEmulated);
});
