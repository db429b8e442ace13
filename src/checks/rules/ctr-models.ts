import { all, defineRule, each, expect, fail, NOT_APPLICABLE, type Outcome, PASS } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { Reference } from '../template/value';
import { SERVICE } from './containers';
import { isSure } from './gate-targets';
import { allowedIn, documentsAt, IDENTITY_DOCUMENTS, listOf, mayCall } from './policies';
import { rolesOf } from './sec-roles';

/** What has Amazon ECS run a program, which its family names (service authorization reference, "Amazon Elastic Container Service"). */
const STARTS: readonly string[] = ['ecs:RunTask', 'ecs:StartTask', 'ecs:RegisterTaskDefinition'];

/** What reaches into what runs, which its cluster names. */
const REACHES: readonly string[] = ['ecs:StopTask', 'ecs:UpdateService', 'ecs:ExecuteCommand'];

const MANAGES = [...STARTS, ...REACHES];

/** AWS's own policies that let somebody manage whatever there is. */
const OVER_ALL = /policy\/(AdministratorAccess|PowerUserAccess|AmazonECS_FullAccess|AmazonEC2ContainerServiceFullAccess)$/;

/** Partition, region and account are the deployment's own. */
const withoutOwn = (text: string): string => text.replace(/\$\{AWS::\w+\}/g, '');

const isWild = (text: string): boolean => /[*?]/.test(text);

/** What stands there; a mere hole may turn out to be a wildcard, so that nobody knows. */
function writtenAt(place: Property): string {
  const { text } = place.partialText();
  if (/^\$\{[^}]*\}$/.test(text)) place.text();
  return withoutOwn(text);
}

const isNamed = (place: Property): boolean => place.value instanceof Reference || !isWild(writtenAt(place));

/** Whether a statement holds for one value of a condition key alone. */
function demands(statement: Property, key: string, isRight: (value: Property) => boolean): boolean {
  const condition = statement.get('Condition');
  return condition.exists && condition.entries().some(([operator, demanded]) => /^(Arn|String)(Equals|Like)$/i.test(operator)
    && demanded.entries().some(([name, value]) => name.toLowerCase() === key.toLowerCase() && listOf(value).every(isRight)));
}

/** What tells one family or cluster from others in an ARN of Amazon ECS: nothing in one of another service, a wildcard where the ARN tells them not. */
function tellsApart(arn: string): string | undefined {
  const [, service = '*', rest = '*'] = /^arn:[^:]*:([^:]*):[^:]*:[^:]*:(.*)$/.exec(arn) ?? [];
  if (service !== 'ecs' && !isWild(service)) return undefined;
  const [, family, cluster] = /^(?:task-definition\/([^:]*)(?::.*)?|(?:cluster|(?:task|task-set|service|container-instance)(?=\/[^/]+\/))\/([^/]+).*)$/.exec(rest) ?? [];
  return family ?? cluster ?? '*';
}

function managesOne(statement: Property): readonly Outcome[] {
  const action = MANAGES.find((name) => mayCall(statement, [name]));
  if (action === undefined) return NOT_APPLICABLE;
  const others = statement.get('NotResource');
  if (others.exists) return fail(others, `lets whoever has it call ${action} on everything but these`);
  const isBound = !mayCall(statement, STARTS) && demands(statement, 'ecs:cluster', isNamed);
  return each(listOf(statement.get('Resource')), (place) => {
    if (place.value instanceof Reference) return PASS;
    const name = tellsApart(writtenAt(place));
    if (name === undefined) return NOT_APPLICABLE;
    return expect(isBound || !isWild(name), place, `lets whoever has it call ${action} on more than one family or cluster, and the containers of others are among them`);
  });
}

const runTask = defineRule('CTR-7', 'run-task', {
  appliesTo: Object.keys(IDENTITY_DOCUMENTS),
  remediation: 'Name the family in Resource, arn:…:task-definition/<family>:*, and the cluster, arn:…:task/<cluster>/*; a cluster in Condition (ArnEquals ecs:cluster) will do for what runs already.',
  check: (owner) => all(
    () => each(owner.type.startsWith('AWS::IAM::') ? owner.prop('ManagedPolicyArns').items() : [], (arn) => {
      const { text } = arn.partialText();
      return OVER_ALL.test(text) ? fail(arn, `is ${text.replace(/^.*\//, '')}, which lets whoever has it run and stop every container`) : NOT_APPLICABLE;
    }),
    () => each(documentsAt(owner, IDENTITY_DOCUMENTS[owner.type] ?? ''), (document) => each(allowedIn(document), managesOne)),
  ),
});

const statementsOf = (owner: Resource): Property[] => documentsAt(owner, IDENTITY_DOCUMENTS[owner.type] ?? '').flatMap(allowedIn);

/** Whether whoever has a policy, or is a role, may start tasks: by this policy or by another one of his. */
export function startsTasks(owner: Resource, graph: TemplateGraph): boolean {
  const roles = rolesOf(owner);
  const policies = Object.keys(IDENTITY_DOCUMENTS).flatMap((type) => graph.ofType(type)).filter((other) => other === owner || rolesOf(other).some((role) => roles.includes(role)));
  return policies.some((policy) => isSure(() => statementsOf(policy).some((statement) => mayCall(statement, STARTS))));
}

const TASKS = 'ecs-tasks.amazonaws.com';

function passesNamed(statement: Property): readonly Outcome[] {
  if (!mayCall(statement, ['iam:PassRole'])) return NOT_APPLICABLE;
  const others = statement.get('NotResource');
  if (others.exists) return fail(others, 'lets whoever has it start a task as any role but these');
  const isForTasks = demands(statement, 'iam:PassedToService', (value) => writtenAt(value).startsWith(TASKS));
  const isForOthers = demands(statement, 'iam:PassedToService', (value) => isNamed(value) && !writtenAt(value).startsWith(TASKS));
  if (isForOthers) return NOT_APPLICABLE;
  return all(
    () => each(listOf(statement.get('Resource')), (place) => expect(isNamed(place), place, 'lets whoever has it start a task as any of these roles, and so do what the role may')),
    () => expect(isForTasks, statement.get('Condition'), `does not say iam:PassedToService ${TASKS}, so whoever has it may hand the role to other services as well`),
  );
}

const passRole = defineRule('CTR-7', 'pass-role', {
  extent: 'policies of whoever may start tasks',
  appliesTo: Object.keys(IDENTITY_DOCUMENTS),
  remediation: 'Name the roles of the tasks in Resource, and add the condition StringEquals iam:PassedToService ecs-tasks.amazonaws.com.',
  check: (owner, graph) => {
    const passing = each([owner], (one) => each(statementsOf(one), passesNamed));
    return passing.length > 0 && startsTasks(owner, graph) ? passing : NOT_APPLICABLE;
  },
});

const shell = defineRule('CTR-7', 'shell', {
  extent: 'services of Amazon ECS',
  appliesTo: [SERVICE],
  remediation: 'Leave EnableExecuteCommand out, or set it to false.',
  check(service) {
    const place = service.prop('EnableExecuteCommand');
    return place.flag() === true ? fail(place, 'is true: whoever may call ecs:ExecuteCommand has a shell in what runs', 'warning') : PASS;
  },
});

export const CTR_MODEL_RULES = [runTask, passRole, shell];
