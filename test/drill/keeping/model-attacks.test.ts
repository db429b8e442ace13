import { covers } from '../../../src/checks/rules/policies';
import type { Json, JsonMap } from '../../../src/checks/template/template';
import { MODEL_ATTACKS } from '../../../src/drill/keeping/attacks/models';
import type { AttackResult } from '../../../src/drill/attack';
import { clientsThat, graphOf, partOf, type Sent } from './stand-in';

const [attack] = MODEL_ATTACKS;
const ECS = 'arn:aws:ecs:eu-central-1:111122223333:';
const IAM = 'arn:aws:iam::111122223333:role/';
const IN_MODELS = { Condition: { ArnEquals: { 'ecs:cluster': `${ECS}cluster/models` } } };
const RUN: JsonMap = { Effect: 'Allow', Action: ['ecs:RunTask'], Resource: [`${ECS}task-definition/llama:*`], ...IN_MODELS };
const STOP: JsonMap = { Effect: 'Allow', Action: ['ecs:StopTask'], Resource: [`${ECS}task/models/*`], ...IN_MODELS };
const PASS: JsonMap = { Effect: 'Allow', Action: ['iam:PassRole'], Resource: [`${IAM}model`], Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } } };

const role = (...statements: readonly JsonMap[]): JsonMap => (
  { Type: 'AWS::IAM::Role', Properties: { Policies: statements.map((statement) => ({ PolicyName: 'own', PolicyDocument: { Statement: [statement] } })) } }
);
const task = (): JsonMap => ({ Type: 'AWS::ECS::TaskDefinition', Properties: {} });

describe('The roles that models are started by', () => {
  test('are those that may start tasks, by a policy of their own or one that names them', () => {
    const graph = graphOf(['Stack', {
      Gateway: role(),
      GatewayPolicy: { Type: 'AWS::IAM::Policy', Properties: { Roles: [{ Ref: 'Gateway' }], PolicyDocument: { Statement: [RUN] } } },
      Inline: role(RUN),
      Reader: role({ Effect: 'Allow', Action: ['ecs:DescribeTasks', 'iam:PassRole'], Resource: '*' }),
    }]);
    expect(attack.targets({ graph }).map(({ place }) => place.logicalId)).toEqual(['Gateway', 'Inline']);
  });

  test('are none where nobody starts tasks', () => {
    expect(attack.targets({ graph: graphOf(['Stack', { Role: role() }]) })).toEqual([]);
  });
});

const TEMPLATE: Readonly<Record<string, JsonMap>> = {
  gateway: role(RUN),
  model: role(),
  core: task(),
  llama: task(),
  cluster: { Type: 'AWS::ECS::Cluster', Properties: {} },
  models: { Type: 'AWS::ECS::Cluster', Properties: {} },
  service: { Type: 'AWS::ECS::Service', Properties: { Cluster: { Ref: 'cluster' }, TaskDefinition: { Ref: 'core' } } },
};

const listed = (value: Json | undefined): readonly string[] => [value].flat().map(String);

/** As IAM's simulator decides, of statements without conditions. */
function simulated({ input }: Sent): unknown {
  const { Statement } = JSON.parse((input.PolicyInputList as readonly string[])[0] ?? '') as { readonly Statement: readonly JsonMap[] };
  const [action = '', resource = ''] = [...input.ActionNames as readonly string[], ...input.ResourceArns as readonly string[]];
  const isAllowed = Statement.some(({ Action, Resource, Condition }) => (
    Condition === undefined && listed(Action).some((one) => covers(one, action, 'i')) && listed(Resource).some((one) => covers(one, resource))
  ));
  return { EvaluationResults: [{ EvalDecision: isAllowed ? 'allowed' : 'implicitDeny' }] };
}

/** Carries the attack out for a gateway with these rights. */
async function on(...statements: readonly JsonMap[]): Promise<AttackResult> {
  const graph = graphOf(['Stack', TEMPLATE]);
  const aws = clientsThat((sent) => {
    if (sent.name === 'ListRolePoliciesCommand') return { PolicyNames: ['own'] };
    if (sent.name === 'GetRolePolicyCommand') return { PolicyDocument: encodeURIComponent(JSON.stringify({ Statement: statements })) };
    if (sent.name === 'SimulateCustomPolicyCommand') return simulated(sent);
    const family = String(sent.input.taskDefinition);
    return { taskDefinition: { family, taskDefinitionArn: `${ECS}task-definition/${family}:1`, ...(family === 'llama' && { taskRoleArn: `${IAM}model` }) } };
  });
  const [target] = attack.targets({ graph });
  if (!target) throw new Error('There is no target.');
  return attack.run(target, partOf({
    aws, graph, account: '111122223333', region: 'eu-central-1', now: ({ resource }) => resource, note: () => undefined,
    id: ({ logicalId }, attribute) => (attribute === 'Arn' ? `${IAM}${logicalId}` : logicalId),
  }));
}

describe('A gateway', () => {
  test('withstands with rights to its own models', async () => {
    await expect(on(RUN, STOP, PASS)).resolves.toEqual({ verdict: 'withstood', saw: '13 attempts on what is not its own are refused; it may start 1 of the templates.' });
  });

  test.each<[string, readonly JsonMap[], string]>([
    ['every family', [{ ...RUN, Resource: '*' }, STOP, PASS], 'It may run core in models.'],
    ['families by their beginning', [RUN, { Effect: 'Allow', Action: 'ecs:RunTask', Resource: `${ECS}task-definition/drill*` }, STOP, PASS], 'It may run drill-of-another in cluster.'],
    ['its own families anew', [RUN, { ...RUN, Action: 'ecs:Register*', Condition: {} }, PASS], 'It may write llama anew.'],
    ['tasks of every cluster', [RUN, { ...STOP, Resource: '*', Condition: {} }, PASS], 'It may call ecs:StopTask on tasks of cluster.'],
    ['a shell', [RUN, { Effect: 'Allow', Action: 'ecs:ExecuteCommand', Resource: `${ECS}task/*` }, PASS], 'It may call ecs:ExecuteCommand on tasks of cluster.'],
    ['every role', [RUN, STOP, { ...PASS, Resource: '*' }], 'It may give ecs-tasks.amazonaws.com the role gateway.'],
    ['its models\' roles for every service', [RUN, STOP, { ...PASS, Condition: {} }], 'It may give lambda.amazonaws.com the role model.'],
  ])('does not withstand with rights to %s', async (_, statements, saw) => {
    await expect(on(...statements)).resolves.toEqual({ verdict: 'succeeded', saw });
  });

  test.each<[string, readonly JsonMap[]]>([['start', [STOP, PASS]], ['hand its role to', [RUN, STOP]]])('that may not %s its own model leaves it undecided', async (_, statements) => {
    await expect(on(...statements)).rejects.toThrow('the role may not start llama, which no service runs.');
  });
});
