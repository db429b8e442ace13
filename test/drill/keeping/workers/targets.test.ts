import { TemplateGraph } from '../../../../src/checks/template/template-graph';
import { WORKER_ATTACKS } from '../../../../src/drill/keeping';
import { SHARED, workersTemplate } from '../../../e2e/drill/fixtures/workers';

const targetsOf = (phase?: Parameters<typeof workersTemplate>[0]): Record<string, string[]> => {
  const graph = new TemplateGraph([workersTemplate(phase)]);
  return Object.fromEntries(WORKER_ATTACKS.map((attack) => [attack.id, attack.targets({ graph }).map(({ place }) => place.logicalId)]));
};

test('brokers are attacked, and workers where it is about what they may do past it', () => {
  expect(targetsOf()).toEqual({ ...Object.fromEntries(WORKER_ATTACKS.map(({ id }) => [id, ['Broker']])), 'WCC-4.failed-then-elsewhere': ['Pool'] });
});

test('where all share a key, nobody has one of his own to defend', () => {
  expect(targetsOf(SHARED)).toMatchObject({ 'WCC-7.impersonation': [], 'WCC-10.mixed-fleet': [], 'WCC-3.replays': ['Broker'] });
});

test('templates without a broker have nothing of the kind', () => {
  const graph = new TemplateGraph([{ name: 'Other', body: { Resources: { Fn: { Type: 'AWS::Lambda::Function', Properties: { Environment: { Variables: { A: 'b' } } } } } } }]);
  expect(WORKER_ATTACKS.flatMap((attack) => [...attack.targets({ graph })])).toEqual([]);
});
