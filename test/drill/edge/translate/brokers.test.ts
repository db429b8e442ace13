import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { graphsOf } from '../../../../src/checks/template/template-graph';
import { IDN_ATTACKS } from '../../../../src/drill/attacks/idn';
import type { EdgeModel } from '../../../../src/drill/edge/model';
import { translate } from '../../../../src/drill/edge/translate';
import { CHECKOUT, route, type RouteOptions } from '../../../support/brokered';

function edgeOf(options: RouteOptions): EdgeModel {
  const stack = new Stack(new App(), 'Field');
  route(stack, options);
  const [graph] = graphsOf([{ name: 'Field', body: Template.fromStack(stack).toJSON() }]);
  if (!graph) throw new Error('no world');
  return translate(graph);
}

const walked = (edge: EdgeModel): unknown[] => IDN_ATTACKS.find(({ id }) => id === 'IDN-1.anonymous-walk')?.targets(edge).map(({ rule }) => rule?.priority) ?? [];

test('a rule that leads to a broker alone, by exact paths and for callers that are known, asks behind', () => {
  const edge = edgeOf(CHECKOUT);
  expect(edge.listeners[0]?.rules.map(({ asksBehind }) => asksBehind)).toEqual([true, undefined]);
  expect(walked(edge)).toEqual(['default']);
});

test.each<[string, RouteOptions]>([
  ['for everybody', { ...CHECKOUT, cidrIp: '0.0.0.0/0' }],
  ['by a pattern', { ...CHECKOUT, paths: ['/credentials/*'] }],
  ['by GET', { ...CHECKOUT, methods: ['GET'] }],
])(
  'one %s is walked like any other', (_, options) => {
    const edge = edgeOf(options);
    expect(edge.listeners[0]?.rules.map(({ asksBehind }) => asksBehind)).toEqual([undefined, undefined]);
    expect(walked(edge)).toHaveLength(2);
  },
);
