import type { JsonMap } from '../../../src/checks/template/template';
import { type Asked, isLet, statementsOf } from '../../../src/drill/keeping/simulated';
import { clientsThat, partOf, type Sent } from './stand-in';

const CLUSTER = 'arn:aws:ecs:eu-central-1:111122223333:cluster/models';
const RUN: Asked = { action: 'ecs:RunTask', resource: 'arn:aws:ecs:eu-central-1:111122223333:task-definition/llama:1', says: { 'ecs:cluster': CLUSTER } };
const allow = (Condition: JsonMap): JsonMap => ({ Effect: 'Allow', Action: 'ecs:RunTask', Resource: '*', Condition });

/** Which statements the simulator was asked about; none where it was not asked. */
async function askedAbout(statements: readonly JsonMap[], asked = RUN): Promise<unknown> {
  const sent: Sent[] = [];
  const aws = clientsThat(() => ({ EvaluationResults: [{ EvalDecision: 'allowed' }] }), sent);
  await expect(isLet(partOf({ aws }), statements, asked)).resolves.toBe(sent.length > 0);
  const [input] = sent.map((one) => one.input.PolicyInputList as readonly string[]);
  return input && (JSON.parse(input[0] ?? '') as { readonly Statement: unknown }).Statement;
}

test('what a role may do is read policy by policy, as they are encoded', async () => {
  const documents: Readonly<Record<string, unknown>> = { one: { Statement: { Effect: 'Allow', Action: 'ecs:RunTask', Resource: '100%' } }, two: { Statement: [{ Effect: 'Deny' }] } };
  const aws = clientsThat(({ name, input }) => (name === 'ListRolePoliciesCommand'
    ? { PolicyNames: Object.keys(documents) } : { PolicyDocument: encodeURIComponent(JSON.stringify(documents[String(input.PolicyName)])) }));
  await expect(statementsOf(partOf({ aws }), 'arn:aws:iam::111122223333:role/path/Core')).resolves.toEqual([{ Effect: 'Allow', Action: 'ecs:RunTask', Resource: '100%' }, { Effect: 'Deny' }]);
});

test.each<[string, JsonMap]>([
  ['the very cluster', { ArnEquals: { 'ecs:cluster': CLUSTER } }],
  ['one of several', { StringEquals: { 'ECS:Cluster': ['other', CLUSTER] } }],
  ['a pattern', { ArnLike: { 'ecs:cluster': 'arn:aws:ecs:*:*:cluster/mod*' } }],
  ['not another one', { ArnNotEquals: { 'ecs:cluster': `${CLUSTER}2` } }],
  ['nothing where it is not said', { StringEqualsIfExists: { 'ecs:cluster': CLUSTER } }],
])('a condition that the request meets is left out: %s', async (_, condition) => {
  await expect(askedAbout([allow(condition)])).resolves.toEqual([{ Effect: 'Allow', Action: 'ecs:RunTask', Resource: '*' }]);
});

test.each<[string, JsonMap]>([
  ['another cluster', { ArnEquals: { 'ecs:cluster': `${CLUSTER}2` } }],
  ['a text with an asterisk', { StringEquals: { 'ecs:cluster': '*' } }],
  ['every cluster but this', { ArnNotLike: { 'ecs:cluster': '*/models' } }],
])('a statement whose condition the request does not meet is none: %s', async (_, condition) => {
  await expect(askedAbout([allow(condition)])).resolves.toBeUndefined();
});

test('what else a condition asks for stays for the simulator', async () => {
  const statement = allow({ ArnEquals: { 'ecs:cluster': CLUSTER, 'aws:PrincipalArn': 'arn:x' }, Bool: { 'aws:SecureTransport': 'true' } });
  await expect(askedAbout([statement])).resolves.toEqual([allow({ ArnEquals: { 'aws:PrincipalArn': 'arn:x' }, Bool: { 'aws:SecureTransport': 'true' } })]);
});

test('an operator that nothing here judges is an error, and no answer', async () => {
  await expect(askedAbout([allow({ Null: { 'ecs:cluster': 'false' } })])).rejects.toThrow('nothing here judges a condition with Null.');
});

test('whoever is denied, or answered nothing, is not let', async () => {
  for (const EvaluationResults of [[{ EvalDecision: 'implicitDeny' }], []]) {
    await expect(isLet(partOf({ aws: clientsThat(() => ({ EvaluationResults })) }), [allow({})], RUN)).resolves.toBe(false);
  }
});
