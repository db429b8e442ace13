import type { EdgeModel, ListenerModel, RuleModel } from '../../../src/drill/edge/model';
import { GATE_BYPASSED } from '../../../src/drill/gate/saboteurs';
import { gateOf } from '../../../src/drill/gate/translate';
import { unguarded, withUnguarded } from '../../../src/drill/gate/unguarded';
import { sabotaged } from '../../../src/drill/prove';
import { edgeOf } from '../../support/drilled';
import { gateTemplate } from '../../support/gate-template';
import { listenerOf, modelOf } from '../../support/fake-scene';

function listenerIn({ listeners: [listener] }: EdgeModel): ListenerModel {
  if (listener === undefined) throw new Error('There is no listener.');
  return listener;
}
const good = listenerIn(edgeOf([gateTemplate()]));
const conditionsOf = ({ conditions }: RuleModel): string[] => conditions.map(({ kind }) => kind);

test('nobody but the gate verifies tokens, counts or puts headers on answers', () => {
  const open = unguarded(good);
  expect(open.rules.flatMap(({ actions }) => actions).map(({ kind }) => kind)).not.toContain('jwt');
  expect(open).toMatchObject({ responseHeaders: [], serverHeader: true, webAcl: undefined, tls: good.tls, hygiene: good.hygiene });
});

test('what no rule names leads to the gate too, by its host, behind all rules that name something', () => {
  const { rules } = unguarded(good);
  const [wide, ...others] = rules.slice(good.rules.length - 1, -1);
  expect(others).toEqual([]);
  expect(wide && [conditionsOf(wide), gateOf(wide)?.place.logicalId]).toEqual([['host'], 'Task']);
  expect(rules.at(-1)).toEqual(good.rules.at(-1));
});

test('where the gate has been taken away, it leads to the Core', () => {
  const bypassed = unguarded(listenerIn(edgeOf(sabotaged([gateTemplate()], GATE_BYPASSED) ?? [])));
  const wide = bypassed.rules.at(-2);
  expect(wide && [conditionsOf(wide), gateOf(wide), wide.actions.map(({ kind }) => kind)]).toEqual([['host'], undefined, ['forward']]);
});

test('templates without a gate have no such listener', () => {
  const model = modelOf(listenerOf());
  expect(withUnguarded(model)).toBe(model);
  expect(withUnguarded(edgeOf([gateTemplate()])).listeners.map(({ place }) => place.logicalId)).toEqual(['Listener', 'Listener without verification']);
});
