import { type NetworkAttack, defineNetworkAttack } from '../../../src/drill/network/attack';
import { castOf } from '../../../src/drill/network/cast';
import { betweenControls } from '../../../src/drill/network/controls';
import type { VpcModel } from '../../../src/drill/network/model';
import { openNetworkScene } from '../../../src/drill/network/scene';
import { translateNetwork } from '../../../src/drill/network/translate';
import type { Dial, DialResult } from '../../../src/drill/network/wire';
import { graphOf, plainNetwork } from './plain-network';

const [vpc] = translateNetwork(graphOf([plainNetwork()])).vpcs as [VpcModel];
const core = vpc.hosts.find(({ role }) => role === 'service') ?? vpc.hosts[0];
const cast = castOf(vpc);
const built: VpcModel = { ...vpc, hosts: [...vpc.hosts, ...cast.inside] };
const FORBIDDEN = 9999;

const attack: NetworkAttack = defineNetworkAttack('NET-2', 'test', {
  tries: 'Tries.', expects: 'Nothing.', needs: 'thing', targets: () => [],
  run: async ({ host }, scene) => {
    const through = await scene.through([{ from: 'drill/stranger', to: host.key, port: FORBIDDEN }]);
    return through.length > 0 ? { verdict: 'succeeded', saw: 'Through.' } : { verdict: 'withstood', saw: 'None.' };
  },
  saboteurs: [{ name: 'none', sabotage: () => undefined }],
});

function heardAt({ address }: Dial): string {
  return address === '198.51.100.7' ? 'internet' : built.hosts.find((host) => host.address === address)?.key ?? '';
}

/** A network in which the forbidden port has an outcome, and every other connection stands unless told otherwise. */
async function outcome(forbidden: DialResult['outcome'], others: (dial: Dial, round: number) => DialResult['outcome'] = () => 'answered') {
  if (core === undefined) throw new Error('There is no Core.');
  let round = 0;
  const transcript: string[] = [];
  const scene = openNetworkScene(built, cast, {
    dial: (dials) => {
      round += 1;
      return Promise.resolve(dials.map((dial) => ({ outcome: dial.port === FORBIDDEN ? forbidden : others(dial, round), heard: heardAt(dial) })));
    },
    stop: () => Promise.resolve(),
  }, transcript);
  return { ...await betweenControls(attack, { vpc, host: core }, scene), transcript };
}

test('what the network refuses is withstood', async () => {
  await expect(outcome('unreachable')).resolves.toMatchObject({ verdict: 'withstood' });
});

test.each(['answered', 'refused'] as const)('a connection that is %s got through: the host was reached', async (result) => {
  await expect(outcome(result)).resolves.toMatchObject({ verdict: 'succeeded' });
});

test('silence proves nothing', async () => {
  await expect(outcome('silent')).resolves.toMatchObject({ verdict: 'inconclusive', saw: expect.stringContaining('nobody answered') as string });
});

test.each([[1, 'Nothing can be learned from it'], [3, 'After the attack']])('a connection that has to stand and does not makes it inconclusive (round %s)', async (bad, saw) => {
  const result = await outcome('unreachable', ({ port }, round) => (port === 8000 && round === bad ? 'unreachable' : 'answered'));
  expect(result).toMatchObject({ verdict: 'inconclusive', saw: expect.stringContaining(saw) as string });
});

test('the transcript names both ends, the outcome and the port', async () => {
  const { transcript } = await outcome('unreachable');
  expect(transcript).toContain(`stranger (172.16.255.254) → ${core?.place.logicalId} (${core?.address}): unreachable (${FORBIDDEN})`);
});
