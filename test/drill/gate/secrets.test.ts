import { secretsOf } from '../../../src/drill/gate/secrets';
import { gatesOf } from '../../../src/drill/gate/translate';
import { graphsOf } from '../../../src/checks/template/template-graph';
import { gateTemplate } from '../../support/gate-template';

const [gate] = graphsOf([gateTemplate()]).flatMap((graph) => gatesOf(graph));
const store = { users: [{ userName: 'somebody', password: 'b', accessString: '', keyPrefixes: [] }, { userName: 'gate', password: 'a', accessString: '', keyPrefixes: [] }] };

function secrets(): Record<string, string> {
  if (gate === undefined) throw new Error('There is no gate.');
  return secretsOf(gate, store);
}

test('every secret of the task definition is made, and none besides', () => {
  expect(Object.keys(secrets()).sort()).toEqual(['GATE_AUDIT_KEY', 'GATE_CORE_KEY', 'GATE_REDIS_PASSWORD']);
});

test('the password of the store is the one that the store knows for the gate\'s user', () => {
  expect(secrets().GATE_REDIS_PASSWORD).toBe('a');
});

test('the others are long enough for what they are for, and new each time', () => {
  const [one, other] = [secrets(), secrets()];
  for (const name of ['GATE_AUDIT_KEY', 'GATE_CORE_KEY']) {
    expect(Buffer.byteLength(one[name] ?? '')).toBeGreaterThanOrEqual(32);
    expect(one[name]).not.toBe(other[name]);
  }
});
