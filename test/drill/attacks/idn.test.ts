import { IDN_ATTACKS } from '../../../src/drill/attacks/idn';
import type { ListenerModel, RuleModel } from '../../../src/drill/edge/model';
import type { GateModel } from '../../../src/drill/gate/model';
import type { WireRequest } from '../../../src/drill/scene';
import { CONFIGURATION_VARIABLE } from '../../../src/gate/contract';
import { fakeScene, listenerOf, modelOf } from '../../support/fake-scene';

const walk = IDN_ATTACKS.find(({ id }) => id === 'IDN-1.anonymous-walk');

function gateWith(identity: object): GateModel {
  const place = { stack: 'Stack', logicalId: 'Task' };
  return { place, container: 'Gate', image: 'gate', command: [], environment: { [CONFIGURATION_VARIABLE]: JSON.stringify({ identity }) }, secrets: [], targetGroups: [], storeUsers: [] };
}

/** Behind a rule that asks nobody, the gate lets in whoever shows a key. */
async function walked(gate: GateModel | undefined): Promise<string | undefined> {
  const forward = { kind: 'forward', targets: [{ targetGroup: { stack: 'Stack', logicalId: 'Targets' }, weight: 1, protocol: 'HTTPS', ...(gate && { gate }) }] } as const;
  const rule: RuleModel = { place: { stack: 'Stack', logicalId: 'Rule' }, priority: 1, conditions: [], actions: [forward] };
  const listener: ListenerModel = listenerOf([rule]);
  const hasKey = ({ headers }: WireRequest): boolean => 'X-Key' in headers || 'x-key' in headers;
  const scene = fakeScene(modelOf(listener), (request) => (hasKey(request) ? 'core' : 401));
  const legitimate = (): Promise<WireRequest> => Promise.resolve({ method: 'POST', path: '/v1/chat', headers: { 'X-Key': 'ctx_good', 'authorization': 'Bearer good' } });
  return (await walk?.run({ listener, rule }, { ...scene, legitimate }))?.verdict;
}

test('a stranger shows no key either, in whichever header the gate takes it', async () => {
  await expect(walked(gateWith({ key: { header: 'x-key', prefix: 'ctx_', inAuthorization: true } }))).resolves.toBe('withstood');
});

test('a header in which nobody takes keys is none of a credential', async () => {
  await expect(walked(gateWith({ tokens: [] }))).resolves.toBe('succeeded');
  await expect(walked(undefined)).resolves.toBe('succeeded');
});
