import { at, differences, says } from '../../../src/drill/readback/differences';
import { Unknowable } from '../../../src/drill/readback/told';

const paths = (...sides: Parameters<typeof differences>): string[] => differences(...sides).map(({ path }) => path);

describe('two sides of a property', () => {
  test.each([
    ['numbers and their texts', 443, '443'],
    ['truth and its text', 'true', true],
    ['false and nothing', false, undefined],
    ['an empty list and nothing', [], undefined],
    ['sets in another order', ['a', 'b'], ['b', 'a']],
    ['maps whose keys come in another order', { A: 1, B: { C: '2' } }, { B: { C: 2 }, A: '1' }],
    ['one thing and a list of it', 'a', ['a']],
  ])('agree where they are %s', (_, told, held) => {
    expect(differences(told, held, 'P')).toEqual([]);
  });

  test.each([
    ['a value that the emulator lacks', { A: 1 }, {}, ['P.A']],
    ['a value that only the emulator has', { A: 1 }, { A: 1, ScopeDown: { X: 1 } }, ['P.ScopeDown.X']],
    ['one entry too many', ['a'], ['a', '0.0.0.0/0'], ['P']],
    ['one entry too few', [{ Name: 'a' }, { Name: 'b' }], [{ Name: 'b' }], ['P.Name']],
    ['true against nothing', true, undefined, ['P']],
    ['the same entry twice against once', ['a', 'a'], ['a', 'b'], ['P']],
  ])('differ by %s', (_, told, held, expected) => {
    expect(paths(told, held, 'P')).toEqual(expected);
  });

  test('differ in the order of actions, which is the order in which they are taken', () => {
    expect(paths([{ Type: 'jwt-validation' }, { Type: 'forward' }], [{ Type: 'forward' }, { Type: 'jwt-validation' }], 'Actions')).toEqual(['Actions.Type', 'Actions.Type']);
  });

  test('pair the entries of a set that are nearest, so that one changed value is one difference', () => {
    const told = [{ IpProtocol: 'tcp', FromPort: 443, CidrIp: '10.0.0.0/8' }, { IpProtocol: 'tcp', FromPort: 80, CidrIp: '10.0.0.0/8' }];
    const held = [{ IpProtocol: 'tcp', FromPort: 80, CidrIp: '10.0.0.0/8' }, { IpProtocol: 'tcp', FromPort: 443, CidrIp: '0.0.0.0/0' }];
    expect(differences(told, held, 'P')).toEqual([{ path: 'P.CidrIp', told: '10.0.0.0/8', held: '0.0.0.0/0' }]);
  });

  test('cannot agree where the template leaves a value to the deployment', () => {
    expect(paths({ A: new Unknowable('why') }, { A: 1 }, 'P')).toEqual(['P.A']);
  });
});

test('A path through a list tells its entries apart by name', () => {
  expect(at({ C: [{ Name: 'core', User: '1000' }, { Name: 'gate' }] }, ['C', 'User'])).toEqual({ core: '1000', gate: undefined });
});

test('Something is said at a path where any entry of a list says it', () => {
  const told = { Actions: [{ Type: 'forward' }, { Jwt: { Issuer: 'https://a' } }] };
  expect(says(told, ['Actions', 'Jwt'])).toBe(true);
  expect(says(told, ['Actions', 'Login'])).toBe(false);
});
