import { GetRolePolicyCommand, ListRolePoliciesCommand, SimulateCustomPolicyCommand } from '@aws-sdk/client-iam';
import { covers } from '../../checks/rules/policies';
import type { Json, JsonMap } from '../../checks/template/template';
import { mapOf, mapsIn } from '../json';
import { omit } from '../saboteurs';
import { textsIn } from './recovery/reading';
import type { KeepingScene } from './scene';

/** What somebody asks for, and what his request says besides, by the names of condition keys in lower case. */
export interface Asked {
  readonly action: string;
  readonly resource: string;
  readonly says: Readonly<Record<string, string>>;
}

/** What a role's own policies say, by the word of the emulator. */
export async function statementsOf({ aws: { iam } }: Pick<KeepingScene, 'aws'>, roleArn: string): Promise<JsonMap[]> {
  const RoleName = roleArn.split('/').at(-1);
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
  const documents = await Promise.all(PolicyNames.map((PolicyName) => iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }))));
  // They come percent-encoded (IAM API, GetRolePolicy).
  return documents.flatMap(({ PolicyDocument = '{}' }) => {
    const { Statement } = JSON.parse(decodeURIComponent(PolicyDocument)) as JsonMap;
    return mapsIn(Array.isArray(Statement) ? Statement : [Statement ?? {}]);
  });
}

/**
 * Whether statements let somebody do what he asks for, by the word of the emulator's policy simulator. That one is told of no request, and takes whatever a condition
 * asks of one for absent: so what this request says is judged here, and left out of what it is asked.
 */
export async function isLet({ aws: { iam } }: Pick<KeepingScene, 'aws'>, statements: readonly JsonMap[], { action, resource, says }: Asked): Promise<boolean> {
  const Statement = statements.flatMap((statement) => underRequest(statement, says) ?? []);
  if (Statement.length === 0) return false;
  const { EvaluationResults: results = [] } = await iam.send(new SimulateCustomPolicyCommand({
    PolicyInputList: [JSON.stringify({ Version: '2012-10-17', Statement })], ActionNames: [action], ResourceArns: [resource],
  }));
  return results.length > 0 && results.every(({ EvalDecision }) => EvalDecision === 'allowed');
}

/** The statement without what the request meets; nothing where it does not meet something. */
function underRequest(statement: JsonMap, says: Asked['says']): JsonMap | undefined {
  const left: Record<string, Json> = {};
  for (const [operator, asked] of Object.entries(mapOf(statement.Condition))) {
    for (const [key, wanted] of Object.entries(mapOf(asked))) {
      const said = says[key.toLowerCase()];
      if (said === undefined) left[operator] = { ...mapOf(left[operator]), [key]: wanted };
      else if (!isMet(operator, said, textsIn(wanted))) return undefined;
    }
  }
  return { ...omit(statement, 'Condition'), ...(Object.keys(left).length > 0 && { Condition: left }) };
}

/** `ArnEquals` takes wildcards, as `ArnLike` does (IAM guide, "Condition operators"). */
function isMet(operator: string, said: string, wanted: readonly string[]): boolean {
  const [, kind, not, how] = /^(Arn|String)(Not)?(Equals|Like)(?:IfExists)?$/.exec(operator) ?? [];
  if (kind === undefined) throw new Error(`nothing here judges a condition with ${operator}.`);
  const isSaid = wanted.some((one) => (kind === 'Arn' || how === 'Like' ? covers(one, said) : one === said));
  return not === undefined ? isSaid : !isSaid;
}
