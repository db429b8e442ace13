import { randomUUID } from 'node:crypto';
import {
  CreateRoleCommand, DeleteRolePolicyCommand, type EvaluationResult, PutRolePolicyCommand, SimulateCustomPolicyCommand, SimulatePrincipalPolicyCommand,
} from '@aws-sdk/client-iam';
import type { JsonMap } from '../../../checks/template/template';
import { nameOf } from '../../message-of';
import type { KeepingClients } from '../clients';
import type { KeepingScene } from '../scene';
import { statementsAbout } from './resource-policy';

/** Somebody who asks for something of a resource that has a policy of its own. */
export interface Asker {
  readonly name: string;
  readonly arn: string;
  /** Which of some actions his own policies and these statements of the resource's let him do. */
  allowed(policy: readonly JsonMap[], actions: readonly string[], resource: string): Promise<readonly string[]>;
}

const EVERYTHING: JsonMap = { Effect: 'Allow', Action: '*', Resource: '*' };
const ADMINISTRATOR = 'DrillAdministrator';

const documentOf = (statements: readonly JsonMap[]): string => JSON.stringify({ Version: '2012-10-17', Statement: statements });
const allowedIn = (results: readonly EvaluationResult[] = []): string[] => results.flatMap(({ EvalActionName, EvalDecision }) => (EvalDecision === 'allowed' ? EvalActionName ?? [] : []));

/**
 * A role of this account. The engine enforces no policy of a vault, so that one's statements are put among the role's own for as long as its policy simulator is asked:
 * in one account either side allows, and either denies (IAM guide, "Policy evaluation logic"). Nobody else may ask about the role meanwhile.
 */
export function role({ aws: { iam } }: Pick<KeepingScene, 'aws'>, name: string, arn: string): Asker {
  const RoleName = arn.split('/').at(-1);
  return {
    name,
    arn,
    allowed: async (policy, actions, resource) => {
      const asked = async (): Promise<string[]> => {
        const { EvaluationResults } = await iam.send(new SimulatePrincipalPolicyCommand({ PolicySourceArn: arn, ActionNames: [...actions], ResourceArns: [resource] }));
        return allowedIn(EvaluationResults);
      };
      const about = statementsAbout(policy, arn);
      const own = await asked();
      // What is not allowed to begin with no denial changes, and most roles have nothing to do with the resource.
      if (about.length === 0 || (own.length === 0 && about.every(({ Effect }) => Effect === 'Deny'))) return own;
      const PolicyName = `Drill-${randomUUID()}`;
      await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: documentOf(about) }));
      try {
        return await asked();
      } finally {
        await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
      }
    },
  };
}

/** Somebody of this account who may do everything, and whom no template knows. */
export async function administrator(scene: Pick<KeepingScene, 'aws' | 'account'>): Promise<Asker> {
  const { aws: { iam }, account } = scene;
  const trust: JsonMap = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: `arn:aws:iam::${account}:root` } };
  try {
    await iam.send(new CreateRoleCommand({ RoleName: ADMINISTRATOR, AssumeRolePolicyDocument: documentOf([trust]) }));
  } catch (error) {
    // From another attack of the same drill.
    if (!nameOf(error).startsWith('EntityAlreadyExists')) throw error;
  }
  await iam.send(new PutRolePolicyCommand({ RoleName: ADMINISTRATOR, PolicyName: 'Everything', PolicyDocument: documentOf([EVERYTHING]) }));
  return role(scene, 'an administrator of the account', `arn:aws:iam::${account}:role/${ADMINISTRATOR}`);
}

/** The root of this account, who may do everything that no policy of a resource denies. */
export function root({ aws: { iam }, account }: Pick<KeepingScene, 'aws' | 'account'>): Asker {
  const arn = `arn:aws:iam::${account}:root`;
  return { name: 'the account\'s root', arn, allowed: (policy, actions, resource) => simulated(iam, [EVERYTHING, ...statementsAbout(policy, arn)], actions, resource) };
}

/** Somebody of another account, whom his own lets do everything: what he may do here, the policy of the resource alone says. */
export function outsider({ iam }: Pick<KeepingClients, 'iam'>, account: string): Asker {
  const arn = `arn:aws:iam::${account}:root`;
  return { name: 'somebody of another account', arn, allowed: (policy, actions, resource) => simulated(iam, statementsAbout(policy, arn), actions, resource) };
}

async function simulated(iam: KeepingClients['iam'], statements: readonly JsonMap[], actions: readonly string[], resource: string): Promise<string[]> {
  if (statements.length === 0) return [];
  const { EvaluationResults } = await iam.send(new SimulateCustomPolicyCommand({ PolicyInputList: [documentOf(statements)], ActionNames: [...actions], ResourceArns: [resource] }));
  return allowedIn(EvaluationResults);
}
