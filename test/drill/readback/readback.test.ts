import { RULES } from '../../../src/checks/rules';
import { CLAIMS } from '../../../src/drill/readback/claims';
import { NOT_HELD, NOT_READ } from '../../../src/drill/readback/not-held';
import { compare } from '../../../src/drill/readback/readback';
import { READERS } from '../../../src/drill/readback/readers';
import { shown } from '../../../src/drill/readback/shown';
import { Unknowable } from '../../../src/drill/readback/told';

const TYPE = 'AWS::ElasticLoadBalancingV2::ListenerRule';
const JWT = { type: TYPE, property: 'Actions.Jwt', reason: 'it is dropped' };

describe('one claimed property', () => {
  test('is the same where the emulator has what the template says', () => {
    expect(compare(TYPE, 'Priority', { told: { Priority: 1 }, held: { Priority: '1' } }, [])).toMatchObject([{ property: 'Priority', verdict: 'same' }]);
  });

  test('is different where the resource is gone', () => {
    expect(compare(TYPE, 'Priority', { told: { Priority: 1 }, held: undefined }, [])).toMatchObject([{ verdict: 'different', saw: 'The emulator has no such resource.' }]);
  });

  test('is not held where what is missing is on the list, with the reason', () => {
    const sides = { told: { Actions: [{ Type: 'jwt', Jwt: { Issuer: 'a' } }] }, held: { Actions: [{ Type: 'jwt' }] } };
    expect(compare(TYPE, 'Actions', sides, [JWT])).toEqual([{ property: 'Actions.Jwt', verdict: 'not-held', saw: 'it is dropped' }]);
    expect(compare(TYPE, 'Actions', sides, [])).toMatchObject([{ property: 'Actions', verdict: 'different' }]);
  });

  test('is different beside what is not held', () => {
    const sides = { told: { Actions: [{ Type: 'jwt', Jwt: { Issuer: 'a' } }] }, held: { Actions: [{ Type: 'forward' }] } };
    expect(compare(TYPE, 'Actions', sides, [JWT]).map(({ verdict }) => verdict)).toEqual(['different', 'not-held']);
  });

  test('is different where the emulator has another value for what is on the list: it keeps it after all', () => {
    const sides = { told: { Actions: [{ Jwt: { Issuer: 'a' } }] }, held: { Actions: [{ Jwt: { Issuer: 'b' } }] } };
    expect(compare(TYPE, 'Actions', sides, [JWT])).toContainEqual(expect.objectContaining({ verdict: 'different', saw: 'Actions.Jwt.Issuer is b in the emulator and a in the template' }));
  });

  test('betrays an entry of the list that the emulator does keep', () => {
    const both = { Actions: [{ Jwt: { Issuer: 'a' } }] };
    expect(compare(TYPE, 'Actions', { told: both, held: both }, [JWT])).toContainEqual(expect.objectContaining({ property: 'Actions.Jwt', verdict: 'different' }));
  });

  test('says where only the emulator knows the value, and never calls that the same', () => {
    const outcomes = compare(TYPE, 'Priority', { told: { Priority: new Unknowable('it is read from SSM at deployment') }, held: { Priority: 1 } }, []);
    expect(outcomes).toMatchObject([{ property: 'Priority', verdict: 'not-held' }]);
    expect(outcomes[0]?.saw).toContain('read from SSM');
  });
});

describe('the claims', () => {
  const claimed = Object.values(CLAIMS).flat();

  test('speak for every control that has a rule', () => {
    expect([...new Set(RULES.map(({ control }) => control))].filter((control) => !CLAIMS[control])).toEqual([]);
  });

  test('name every type that a rule of the control is about', () => {
    const missing = RULES.flatMap(({ control, appliesTo }) => appliesTo.filter((type) => !CLAIMS[control]?.some((claim) => claim.type === type)).map((type) => `${control} ${type}`));
    expect(missing).toEqual([]);
  });

  test('are about types that are read back or listed with a reason, and never both', () => {
    const types = [...new Set(claimed.map(({ type }) => type))];
    expect(types.filter((type) => !(type in READERS) && !NOT_READ.has(type))).toEqual([]);
    expect(types.filter((type) => type in READERS && NOT_READ.has(type))).toEqual([]);
  });

  test('use every reader, and every entry of the lists', () => {
    const types = new Set(claimed.map(({ type }) => type));
    expect(Object.keys(READERS).filter((type) => !types.has(type))).toEqual([]);
    expect([...NOT_READ.keys()].filter((type) => !types.has(type))).toEqual([]);
    const covers = (property: string, listed: string): boolean => listed === property || listed.startsWith(`${property}.`);
    const idle = NOT_HELD.filter((entry) => !claimed.some(({ type, properties }) => type === entry.type && properties.some((property) => covers(property, entry.property))));
    expect(idle).toEqual([]);
  });
});

test.each(['ContainerDefinitions.Environment.core', 'DefaultActions.AuthenticateOidcConfig.ClientSecret', 'ContainerDefinitions.Command.core'])('What stands at %s is never repeated', (path) => {
  expect(shown({ path, told: 'hunter2', held: 'hunter3' })).not.toMatch(/hunter/);
});

test('A secret inside a larger value is not repeated either', () => {
  expect(shown({ path: 'Actions', told: [{ Type: 'x', Oidc: { ClientSecret: 'hunter2' } }], held: undefined })).not.toMatch(/hunter/);
});
