import { administrator, outsider, role, root } from '../../../../src/drill/keeping/recovery/askers';
import { clientsThat, fault, partOf, type Sent } from '../stand-in';

const POLICY = [
  { Effect: 'Deny', Principal: '*', Action: 'backup:DeleteRecoveryPoint', Resource: '*' },
  { Effect: 'Allow', Principal: { AWS: '444455556666' }, Action: 'backup:StartRestoreJob', Resource: '*' },
];
const ARN = 'arn:aws:iam::111122223333:role/path/Task';
const RESULTS = { EvaluationResults: [{ EvalActionName: 'a:Allowed', EvalDecision: 'allowed' }, { EvalActionName: 'a:Denied', EvalDecision: 'explicitDeny' }] };

const statementsIn = ({ input }: Sent): unknown => (JSON.parse(String(input.PolicyDocument ?? (input.PolicyInputList as readonly string[])[0])) as { readonly Statement: unknown }).Statement;

test('a role has the statements about it among its own while it is asked about, and not afterwards', async () => {
  const sent: Sent[] = [];
  const scene = partOf({ aws: clientsThat(({ name }) => (name === 'SimulatePrincipalPolicyCommand' ? RESULTS : {}), sent) });
  await expect(role(scene, 'Task', ARN).allowed(POLICY, ['a:Allowed', 'a:Denied'], 'arn:point')).resolves.toEqual(['a:Allowed']);
  expect(sent.map(({ name }) => name)).toEqual(['SimulatePrincipalPolicyCommand', 'PutRolePolicyCommand', 'SimulatePrincipalPolicyCommand', 'DeleteRolePolicyCommand']);
  const [, put, asked, deleted] = sent;
  expect(put && statementsIn(put)).toEqual([{ Effect: 'Deny', Action: 'backup:DeleteRecoveryPoint', Resource: '*' }]);
  expect(asked?.input).toEqual({ PolicySourceArn: ARN, ActionNames: ['a:Allowed', 'a:Denied'], ResourceArns: ['arn:point'] });
  expect(deleted?.input).toEqual({ RoleName: 'Task', PolicyName: put?.input.PolicyName });
});

test('what was put is taken away when asking fails', async () => {
  const sent: Sent[] = [];
  const scene = partOf({ aws: clientsThat(({ name }) => {
    if (name === 'SimulatePrincipalPolicyCommand' && sent.length > 1) throw fault('ServiceFailure') as Error;
    return RESULTS;
  }, sent) });
  await expect(role(scene, 'Task', ARN).allowed(POLICY, ['a:Allowed'], '*')).rejects.toMatchObject({ name: 'ServiceFailure' });
  expect(sent.at(-1)?.name).toBe('DeleteRolePolicyCommand');
});

test('nothing is put where nothing is about the role, nor where it may do nothing and is let do nothing', async () => {
  const sent: Sent[] = [];
  const nothing = partOf({ aws: clientsThat(() => ({}), sent) });
  await expect(role(nothing, 'Task', ARN).allowed([], ['a:B'], '*')).resolves.toEqual([]);
  await expect(role(nothing, 'Task', ARN).allowed(POLICY, ['a:B'], '*')).resolves.toEqual([]);
  expect(sent.map(({ name }) => name)).toEqual(['SimulatePrincipalPolicyCommand', 'SimulatePrincipalPolicyCommand']);
  await role(nothing, 'Task', ARN).allowed([{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }], ['a:B'], '*');
  expect(sent.map(({ name }) => name)).toContain('PutRolePolicyCommand');
});

test('an administrator is made once, and may do everything', async () => {
  const sent: Sent[] = [];
  const scene = partOf({ account: '111122223333', aws: clientsThat(({ name }) => {
    if (name === 'CreateRoleCommand') throw fault('EntityAlreadyExistsException') as Error;
  }, sent) });
  await expect(administrator(scene)).resolves.toMatchObject({ arn: 'arn:aws:iam::111122223333:role/DrillAdministrator' });
  expect(sent[1] && statementsIn(sent[1])).toEqual([{ Effect: 'Allow', Action: '*', Resource: '*' }]);
});

test('the root may do all that is not denied, and somebody of another account what the policy lets his account do', async () => {
  const sent: Sent[] = [];
  const aws = clientsThat(() => RESULTS, sent);
  await root(partOf({ account: '111122223333', aws })).allowed(POLICY, ['a:B'], '*');
  await outsider(aws, '444455556666').allowed(POLICY, ['a:B'], '*');
  expect(sent.map(statementsIn)).toEqual([
    [{ Effect: 'Allow', Action: '*', Resource: '*' }, { Effect: 'Deny', Action: 'backup:DeleteRecoveryPoint', Resource: '*' }],
    [{ Effect: 'Deny', Action: 'backup:DeleteRecoveryPoint', Resource: '*' }, { Effect: 'Allow', Action: 'backup:StartRestoreJob', Resource: '*' }],
  ]);
});

test('somebody of another account of whom the policy says nothing may do nothing, and nobody is asked', async () => {
  const sent: Sent[] = [];
  await expect(outsider(clientsThat(() => RESULTS, sent), '777788889999').allowed([{ Effect: 'Allow', Principal: { AWS: ARN }, Action: '*', Resource: '*' }], ['a:B'], '*')).resolves.toEqual([]);
  expect(sent).toEqual([]);
});
