import { figure, listOf, mapOf, mapsIn, parsedLine, text } from '../../src/drill/json';

test('what is of another kind than it should be is as good as absent', () => {
  expect([text(null), text({}), text(['x']), text(undefined)]).toEqual(['', '', '', '']);
  expect([figure('many'), figure(null), figure([1]), figure(undefined)]).toEqual([undefined, undefined, undefined, undefined]);
  expect([mapOf('x'), mapOf([]), mapOf(null), listOf({}), mapsIn('x'), mapsIn([1, { a: 1 }, []])]).toEqual([{}, {}, {}, [], [], [{ a: 1 }]]);
});

test('a figure may be written as a text, and a text as a figure or a flag', () => {
  expect([figure('30'), figure(0), text(30), text(true)]).toEqual([30, 0, '30', 'true']);
});

test.each(['', 'plain', '[1]', '7', 'null', '{"a":'])('a line that is no JSON object is none: %j', (line) => {
  expect(parsedLine(line)).toBeUndefined();
});

test('a line that is one is read', () => {
  expect(parsedLine('{"a":{"b":1}}')).toEqual({ a: { b: 1 } });
});
