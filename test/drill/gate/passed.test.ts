import { leaksIn } from '../../../src/drill/gate/attacks/passed';

const SEEN = { own: ['own-token'], forged: 'forged' };
const PASSING = { ...SEEN, passedHeader: 'authorization' };

test('a Core that is shown no credential sees none', () => {
  expect(leaksIn({ 'host': ['core.acme.test'], 'x-auth-request-user': ['alice'] }, SEEN)).toEqual([]);
});

test('it may see the verified one, whole and once, where the configuration passes it', () => {
  expect(leaksIn({ authorization: ['Bearer own-token'] }, PASSING)).toEqual([]);
  expect(leaksIn({ authorization: ['bearer own-token'] }, PASSING)).toEqual([]);
  expect(leaksIn({ 'x-core-key': ['own-token'] }, { ...SEEN, passedHeader: 'x-core-key' })).toEqual([]);
});

test.each<[string, Record<string, readonly string[]>, typeof SEEN & { readonly passedHeader?: string }, readonly string[]]>([
  ['what nobody has verified', { 'x-api-key': ['ctx_forged'] }, SEEN, ['x-api-key']],
  ['what nobody has verified, in the header that is passed', { authorization: ['Bearer forged'] }, PASSING, ['authorization']],
  ['both in one header', { authorization: ['Bearer own-token', 'Bearer forged'] }, PASSING, ['authorization']],
  ['both in one value', { authorization: ['Bearer own-token, Bearer forged'] }, PASSING, ['authorization']],
  ['the verified one, which is not passed', { authorization: ['Bearer own-token'] }, SEEN, ['authorization']],
  ['the verified one in another header too', { 'authorization': ['Bearer own-token'], 'x-copy': ['own-token'] }, PASSING, ['x-copy']],
  ['the verified one twice', { authorization: ['Bearer own-token', 'Bearer own-token'] }, PASSING, ['authorization']],
])('it is not to see %s', (_, received, seen, leaks) => expect(leaksIn(received, seen)).toEqual(leaks));
