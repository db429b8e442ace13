import { all, defineRule, each, expect, fail, NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { Reference } from '../template/value';
import { asBroker } from './broker-impostors';
import { deviceCredentials, masterRings, readIn, sharedRings } from './broker-secrets';
import { jobTables, stateTables } from './broker-tables';
import { ofWorker } from './broker-workers';
import { SERVICE } from './containers';
import { taskOf } from './gate-targets';
import { allowedIn, mayCall } from './policies';
import { documentsOf, ROLE, roleOf } from './roles';
import { secretAt } from './secrets';
import { TABLE_WRITES, tablesIn } from './tables';
import { environmentsOf, PROGRAMS } from './variables';

/** What reads items, or gets them out as a whole; and whoever writes a table's policy lets himself do either (service authorization reference, "Amazon DynamoDB"). */
const TABLE_READS = [
  'GetItem', 'BatchGetItem', 'Query', 'Scan', 'PartiQLSelect', 'ConditionCheckItem', 'ExportTableToPointInTime', 'RestoreTableToPointInTime', 'PutResourcePolicy',
].map((action) => `dynamodb:${action}`);

/** AWS's own policies that let somebody read tables, secrets or parameters. */
const OVER_MUCH = /policy\/(AdministratorAccess|PowerUserAccess|ReadOnlyAccess|SecretsManagerReadWrite|AmazonDynamoDB\w*|AmazonSSM\w*)$/;
/** Those that AWS made for what starts a task, or runs a function. */
const FOR_SERVICES = /policy\/service-role\//;

/** What a policy would let a worker have without asking the broker. */
function waysAround(statement: Property, owner: Resource, graph: TemplateGraph): readonly string[] {
  const values = [...deviceCredentials(graph), ...sharedRings(graph), ...masterRings(graph)];
  const tables = mayCall(statement, [...TABLE_READS, ...TABLE_WRITES]) ? tablesIn(statement, owner, [...jobTables(graph), ...stateTables(graph)]) : [];
  return [...readIn(statement, values, owner, graph).map(({ name }) => name), ...tables.map(({ logicalId }) => logicalId), ...asBroker(statement, owner, graph)];
}

function isNarrow(document: Property, role: Resource, graph: TemplateGraph): readonly Outcome[] {
  return each(allowedIn(document), (statement) => {
    const [way] = waysAround(statement, role, graph);
    return expect(way === undefined, statement, `lets a worker have ${way ?? ''} without asking the broker`);
  });
}

function isHarmless(arn: Property, role: Resource, graph: TemplateGraph): readonly Outcome[] {
  if (arn.value instanceof Reference) return isNarrow(arn.value.resource.prop('PolicyDocument'), role, graph);
  const { text } = arn.partialText();
  if (OVER_MUCH.test(text)) return fail(arn, `is ${text.replace(/^.*\//, '')}, which lets a worker have what the broker keeps, without asking it`);
  return FOR_SERVICES.test(text) ? PASS : undecidable(arn, 'is a policy of none of the templates, so what it lets a worker have is not known');
}

/** What a store fills in when the task starts, a worker has without asking anybody. */
const isHanded = (program: Resource, graph: TemplateGraph): readonly Outcome[] => each(environmentsOf(program).flatMap(({ secret }) => secret), ({ name, value }) => {
  const told = secretAt(value, program, graph);
  const credential = deviceCredentials(graph).find(({ secret }) => secret !== undefined && secret === told);
  return expect(credential === undefined, value, `fills ${name} of a worker from ${credential?.name ?? ''}, a credential of devices, without asking the broker`);
});

/** What a program may do by its role. */
function letsLittle(program: Resource, graph: TemplateGraph): readonly Outcome[] {
  const place = roleOf(program);
  if (!place.exists) return PASS;
  const { value } = place;
  if (!(value instanceof Reference) || value.resource.type !== ROLE) {
    return undecidable(place, 'is a role of none of the templates, so what it lets a worker have without the broker is not known');
  }
  const { resource: role } = value;
  const outcomes = all(
    () => each(documentsOf(role, graph), (document) => isNarrow(document, role, graph)),
    () => each(role.prop('ManagedPolicyArns').items(), (arn) => isHarmless(arn, role, graph)),
  );
  return outcomes.length === 0 ? PASS : outcomes;
}

const noWayAround = defineRule('WCC-4', 'no-way-around', {
  extent: 'programs that are told where a broker is, and their roles',
  appliesTo: PROGRAMS,
  remediation: 'Give the worker a role without any policy about credentials of devices, keys of workers or the broker: whoever the broker refuses then has nothing. '
    + 'In CDK, WorkerPool does.',
  check: (program, graph) => ofWorker(program, () => all(() => isHanded(program, graph), () => letsLittle(program, graph))),
});

const circuitBreaker = defineRule('WCC-10', 'circuit-breaker', {
  extent: 'services whose programs are told where a broker is',
  appliesTo: [SERVICE],
  remediation: 'Set DeploymentConfiguration.DeploymentCircuitBreaker to { Enable: true, Rollback: true }. In CDK, WorkerPool does.',
  check(service) {
    const task = taskOf(service);
    if (!task) return NOT_APPLICABLE;
    return ofWorker(task, () => {
      const controller = service.prop('DeploymentController').get('Type');
      if ((controller.text() ?? 'ECS') !== 'ECS') {
        return undecidable(controller, `is ${controller.text() ?? ''}, so whether workers that cannot prove themselves are taken back is another service's to say`);
      }
      const place = service.prop('DeploymentConfiguration').get('DeploymentCircuitBreaker');
      return expect(place.get('Enable').flag() === true && place.get('Rollback').flag() === true, place,
        'is not on with Rollback, so workers that cannot prove themselves in the next phase replace those that can');
    });
  },
});

export const WCC_WORKER_RULES = [noWayAround, circuitBreaker];
