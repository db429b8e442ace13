import { lastLines } from '../../../src/drill/processes/last-lines';

test('what is asked for is kept, and what came before it is not', () => {
  expect(lastLines('one\ntwo\nthree\n', 2)).toBe('two\nthree\n');
});

test('a line that has not ended yet counts, and stays open for its rest', () => {
  expect(lastLines('one\ntwo\nthr', 2)).toBe('two\nthr');
});

test('a short text stays as it is', () => {
  expect(lastLines('one\n', 2)).toBe('one\n');
  expect(lastLines('', 2)).toBe('');
});

test('one endless line does not grow without bound', () => {
  expect(lastLines(`start${'x'.repeat(1_000_000)}end`, 2)).toMatch(/^x{60000,66000}end$/);
});
