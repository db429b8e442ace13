import type { Json } from '../../src/checks/template/template';
import { deprived, mapAltered, textAltered } from '../../src/drill/altered';

const MAP = { inner: { a: 1, b: 2 }, text: 'x' } as const;

test('a map within a map is altered, and all around it stays', () => {
  expect(mapAltered(MAP, 'inner', ({ a }) => ({ a: Number(a) + 1 }))).toEqual({ inner: { a: 2 }, text: 'x' });
  expect(MAP).toEqual({ inner: { a: 1, b: 2 }, text: 'x' });
});

test('where there is no map, or nothing to alter in it, there is no other one', () => {
  const alter = jest.fn(() => ({}));
  expect([mapAltered(MAP, 'text', alter), mapAltered(MAP, 'gone', alter), mapAltered(MAP, 'constructor', alter)]).toEqual([undefined, undefined, undefined]);
  expect(alter).not.toHaveBeenCalled();
  expect(mapAltered(MAP, 'inner', () => undefined)).toBeUndefined();
});

test('keys are taken away where there is one of them', () => {
  expect(deprived(MAP, 'inner', 'gone')).toEqual({ text: 'x' });
  expect(deprived(MAP, 'gone', 'constructor')).toBeUndefined();
});

describe('JSON in a text', () => {
  const twice = ({ n, ...rest }: { readonly n: number }): { readonly n: number } => ({ ...rest, n: 2 * n });
  const join = (...parts: readonly Json[]): Json => ({ 'Fn::Join': ['', parts] });

  test('is altered, and what a template joins into it comes back to its place', () => {
    expect(textAltered('{"n":1}', twice)).toBe('{"n":2}');
    expect(textAltered(join('{"name":"', { Ref: 'Table' }, '-x","n":1}'), twice)).toEqual(join('{"name":"', { Ref: 'Table' }, '-x","n":2}'));
  });

  test('stays where there is nothing to alter, and where it is joined in another way', () => {
    expect(textAltered('{"n":1}', () => undefined)).toBeUndefined();
    expect(textAltered({ 'Fn::Join': [',', ['{"n":1}']] }, twice)).toBeUndefined();
  });
});
