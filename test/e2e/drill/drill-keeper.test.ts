import { ListIPSetsCommand } from '@aws-sdk/client-wafv2';
import type { JsonMap } from '../../../src/checks/template/template';
import { keeperIn } from '../../../src/cli/drill-keeper';
import type { LiveSet } from '../../../src/drill/edge/model';
import { deploy, type Deployment } from '../../../src/drill/emulator/deploy';
import { startMinistack } from '../../../src/drill/emulator/ministack';
import { Supervisor } from '../../../src/drill/processes/supervisor';
import { openToolbox } from '../../../src/drill/toolbox/toolbox';
import { EVERYBODY, LOCKDOWN_TYPE } from '../../../src/lockdown/contract';

const STACK = 'Locks';
const lock = (Name: string): JsonMap => ({ Type: LOCKDOWN_TYPE, Properties: { ServiceToken: 'arn:aws:lambda:eu-central-1:111122223333:function:lock', Name } });
const place = (logicalId: string): LiveSet['place'] => ({ stack: STACK, logicalId });

let supervisor: Supervisor;
let deployment: Deployment;

beforeAll(async () => {
  supervisor = await Supervisor.open();
  const { ministack } = await openToolbox(() => undefined);
  const emulator = await startMinistack({ supervisor, ministack, account: '111122223333', region: 'eu-central-1' });
  deployment = await deploy(emulator, { templates: [{ name: STACK, body: { Resources: { One: lock('one'), Two: lock('two') } } }] });
}, 120_000);
afterAll(async () => {
  deployment.aws.close();
  await supervisor.stop();
});

test('a switch of the templates is two sets in the emulator, and nothing is said to be lacking', async () => {
  const { IPSets = [] } = await deployment.aws.waf.send(new ListIPSetsCommand({ Scope: 'REGIONAL' }));
  expect(IPSets).toHaveLength(4);
  expect(deployment.notEmulated).toEqual([]);
});

test('throwing a switch fills both of its sets, no others, and taking it back empties them', async () => {
  const keeper = keeperIn(deployment);
  const held = (): Promise<(readonly string[])[]> => Promise.all((['One', 'Two'] as const).flatMap((id) => (['v4', 'v6'] as const).map((family) => keeper.addresses({ place: place(id), family }))));
  expect(await held()).toEqual([[], [], [], []]);
  await keeper.set(place('One'), true);
  expect(await held()).toEqual([EVERYBODY.IPV4, EVERYBODY.IPV6, [], []]);
  await keeper.set(place('One'), false);
  expect(await held()).toEqual([[], [], [], []]);
});

test('a switch that the emulator does not hold cannot be thrown', async () => {
  await expect(keeperIn(deployment).set(place('Three'), true)).rejects.toThrow('The emulator holds no IPV4 set of Three.');
});
