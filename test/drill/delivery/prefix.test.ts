import { DeliveryNotEmulated } from '../../../src/drill/delivery/not-emulated';
import { evaluatedPrefix } from '../../../src/drill/delivery/prefix';

const FACTS = { arrived: Date.UTC(2026, 0, 2, 3, 4, 5), random: 'abcdefghijk' };

test.each([
  ['day=!{timestamp:yyyy-MM-dd}/hour=!{timestamp:HH}/', 'day=2026-01-02/hour=03/'],
  ['!{timestamp:\'at\'yyyyMMdd\'T\'HHmmss}', 'at20260102T030405'],
  ['x/!{firehose:random-string}/', 'x/abcdefghijk/'],
  ['', '2026/01/02/03/'],
  ['logs/', 'logs/2026/01/02/03/'],
])('%s', (prefix, evaluated) => {
  expect(evaluatedPrefix(prefix, FACTS)).toBe(evaluated);
});

test('errors have a folder of their own', () => {
  expect(evaluatedPrefix('failed/!{firehose:error-output-type}/', { ...FACTS, error: 'processing-failed' })).toBe('failed/processing-failed/');
  expect(evaluatedPrefix('failed/', { ...FACTS, error: 'processing-failed' })).toBe('failed/processing-failed/2026/01/02/03/');
});

test.each(['!{firehose:error-output-type}/', '!{partitionKeyFromQuery:user}/', '!{timestamp:EEE}/'])('%s is not guessed at', (prefix) => {
  expect(() => evaluatedPrefix(prefix, FACTS)).toThrow(DeliveryNotEmulated);
});
