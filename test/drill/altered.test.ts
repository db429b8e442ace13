import { deprived, mapAltered } from '../../src/drill/altered';

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
