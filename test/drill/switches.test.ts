import type { LiveAddresses } from '../../src/drill/edge/envoy/waf';
import type { LiveSet } from '../../src/drill/edge/model';
import { type AddressKeeper, keeperInMemory, switchesOf } from '../../src/drill/switches';
import { EVERYBODY } from '../../src/lockdown/contract';
import { edge, listener, place, wafRule, webAcl } from './edge/envoy/models';

const set = (logicalId: string, family: LiveSet['family']): LiveSet => ({ place: place(logicalId), family });
const asks = (...sets: LiveSet[]): ReturnType<typeof webAcl> => (
  webAcl(sets.map((live, priority) => wafRule(priority, { kind: 'ip-set', cidrs: [], live }, { kind: 'block', status: 503 })))
);

/** An edge that remembers what it was told last. */
function told(): { readonly setAddresses: (addresses: LiveAddresses) => Promise<void>; readonly of: LiveAddresses } {
  let last: LiveAddresses = () => ['never told'];
  return {
    setAddresses: (addresses) => {
      last = addresses;
      return Promise.resolve();
    },
    of: (one) => last(one),
  };
}

test('a switch is thrown for both families of callers, and taken back', async () => {
  const running = told();
  const one = listener('One', { webAcl: asks(set('Lock', 'v4'), set('Lock', 'v6')) });
  const switches = switchesOf(edge(one), running);
  await switches.set(one, true);
  expect([running.of(set('Lock', 'v4')), running.of(set('Lock', 'v6'))]).toEqual([EVERYBODY.IPV4, EVERYBODY.IPV6]);
  await switches.set(one, false);
  expect([running.of(set('Lock', 'v4')), running.of(set('Lock', 'v6'))]).toEqual([[], []]);
});

test('each switch is thrown once, whatever asks it, and the edge is told what its keeper then holds', async () => {
  const thrown: string[] = [];
  const keeper: AddressKeeper = {
    set: ({ logicalId }, isLocked) => {
      thrown.push(`${logicalId} ${isLocked}`);
      return Promise.resolve();
    },
    addresses: ({ place: { logicalId }, family }) => Promise.resolve([`${logicalId} ${family}`]),
  };
  const running = told();
  const both = listener('Two', { webAcl: asks(set('A', 'v4'), set('B', 'v4')) });
  await switchesOf(edge(listener('One', { webAcl: asks(set('A', 'v4'), set('A', 'v6')) }), both), running, keeper).set(both, true);
  expect(thrown).toEqual(['A true', 'B true']);
  expect([running.of(set('A', 'v6')), running.of(set('B', 'v4')), running.of(set('C', 'v4'))]).toEqual([['A v6'], ['B v4'], []]);
});

test('an edge without a switch is told nothing to refuse', async () => {
  const running = told();
  await switchesOf(edge(listener('One')), running).set(listener('One'), true);
  expect(running.of(set('Lock', 'v4'))).toEqual([]);
});

test('only the switches of the listener are thrown, and two thrown at once are both thrown in the end', async () => {
  const running = told();
  const [one, two, three] = [['A'], ['B'], ['C']].map(([lock = '']) => listener(lock, { webAcl: asks(set(lock, 'v4')) }));
  const switches = switchesOf(edge(...[one, two, three].flatMap((each) => each ?? [])), running);
  await Promise.all([one, two].map((each) => switches.set(each ?? {}, true)));
  expect(['A', 'B', 'C'].map((lock) => running.of(set(lock, 'v4')))).toEqual([EVERYBODY.IPV4, EVERYBODY.IPV4, []]);
});

test('a switch of one place does not lock another', async () => {
  const keeper = keeperInMemory();
  await keeper.set(place('Lock'), true);
  await expect(keeper.addresses(set('Other', 'v4'))).resolves.toEqual([]);
});
