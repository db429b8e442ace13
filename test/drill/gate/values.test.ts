import type { EdgeModel, JwtModel, RuleModel } from '../../../src/drill/edge/model';
import { Ledger } from '../../../src/drill/emulator/ledger';
import type { GateModel } from '../../../src/drill/gate/model';
import { withValues } from '../../../src/drill/gate/values';
import { listenerOf, modelOf } from '../../support/fake-scene';

const place = (logicalId: string, stack = 'Stack'): RuleModel['place'] => ({ stack, logicalId });

const GATE: GateModel = {
  place: place('Task'),
  container: 'Gate',
  image: '${AWS::AccountId}.dkr.ecr/${Assets}:abc',
  command: [],
  environment: { GATE_CONFIGURATION: '{"table":{"name":"${Table}","region":"eu-central-1"},"host":"${Redis.PrimaryEndPoint.Address}"}', OTHER: 'plain' },
  secrets: [{ variable: 'GATE_REDIS_PASSWORD', from: '${Secret}' }],
  targetGroups: [],
  storeUsers: [{ userName: '${User.Name}', accessString: 'on ~* -@all', keyPrefixes: [] }],
};
const JWT: JwtModel = {
  kind: 'jwt', issuer: 'https://idp/${Pool}', jwksEndpoint: 'https://idp/${Pool}/keys', claims: [{ name: 'client_id', format: 'single-string', values: ['${Client}', 'fixed'] }],
};

function modelWith(gate: GateModel): EdgeModel {
  const rule: RuleModel = { place: place('Rule'), priority: 1, conditions: [], actions: [JWT, { kind: 'forward', targets: [{ targetGroup: place('Targets'), weight: 1, protocol: 'HTTPS', gate }] }] };
  return { ...modelOf(listenerOf([rule])), gates: [gate] };
}

/** What an engine has made of the templates. */
function deployed(): Ledger {
  const ledger = new Ledger();
  const owner = (logicalId: string, template = 'Stack'): Parameters<Ledger['record']>[0] => ({ template, logicalId });
  ledger.record(owner('Table'), 'table-1');
  ledger.record(owner('Pool'), 'pool-1');
  ledger.record(owner('Client'), 'client-1');
  ledger.record(owner('Table', 'Other'), 'table-2');
  ledger.record(owner('Redis'), 'redis-1', { 'PrimaryEndPoint.Address': 'redis.local' });
  ledger.record(owner('User'), 'user-1', { Name: 'gate-1' });
  return ledger;
}

test('what only a deployment knows is what the emulator has, in the gates and wherever they are named', () => {
  const { gates: [gate] = [], listeners: [listener] } = withValues(modelWith(GATE), deployed());
  expect(gate?.environment).toEqual({ GATE_CONFIGURATION: '{"table":{"name":"table-1","region":"eu-central-1"},"host":"redis.local"}', OTHER: 'plain' });
  expect(gate?.storeUsers.map(({ userName }) => userName)).toEqual(['gate-1']);
  const forward = listener?.rules[0]?.actions[1];
  expect(forward?.kind === 'forward' ? forward.targets[0]?.gate : undefined).toEqual(gate);
});

test('the load balancer\'s check means the same issuer as the gate', () => {
  const jwt = withValues(modelWith(GATE), deployed()).listeners[0]?.rules[0]?.actions[0];
  expect(jwt).toEqual({ ...JWT, issuer: 'https://idp/pool-1', jwksEndpoint: 'https://idp/pool-1/keys', claims: [{ name: 'client_id', format: 'single-string', values: ['client-1', 'fixed'] }] });
});

test('a gate is read in its own template, where others have resources of the same name', () => {
  const [gate] = withValues(modelWith({ ...GATE, place: place('Task', 'Other') }), deployed()).gates ?? [];
  expect(gate?.environment.GATE_CONFIGURATION).toContain('"name":"table-2"');
});

test('what the emulator does not know either is left as the template writes it, and secrets are not asked for', () => {
  const [gate] = withValues(modelWith(GATE), new Ledger()).gates ?? [];
  expect(gate).toEqual(GATE);
  expect(withValues(modelWith(GATE), deployed()).gates?.[0]?.secrets).toEqual(GATE.secrets);
});

test('templates without a gate stay as they are', () => {
  const model = modelOf(listenerOf());
  expect(withValues(model, deployed())).toBe(model);
});
