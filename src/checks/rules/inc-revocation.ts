import { defineRule, expect, fail, type Outcome, undecidable } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { Reference } from '../template/value';
import { TASK_DEFINITION } from './containers';
import { eachGate } from './gate-configuration';
import { allowedIn, listOf, mayCall } from './policies';
import { documentsOf, ROLE } from './roles';
import { tableAt } from './tables';

/** How a gate asks for revocations, and for API keys (docs/decisions/0017). */
const ASKING = ['dynamodb:Query'];

/** Whether a resource of a statement is a table of the templates, or every table. */
function isAbout(place: Property, table: Resource | undefined): boolean {
  if (place.value instanceof Reference) return table === undefined || place.value.resource === table;
  const { text } = place.partialText();
  return table === undefined || /^\*$|:table\/\*$/.test(text) || new RegExp(`\\$\\{${table.logicalId}[.}]`).test(text);
}

function mayAsk(task: Resource, table: Resource | undefined, graph: TemplateGraph): readonly Outcome[] {
  const place = task.prop('TaskRoleArn');
  if (!place.exists) return fail(place, 'is not set, so the gate cannot ask its table who is revoked, and lets nobody in');
  const { value } = place;
  if (!(value instanceof Reference) || value.resource.type !== ROLE) return undecidable(place, 'is a role of none of the templates, so whether the gate may ask its table who is revoked is not known');
  const statements = documentsOf(value.resource, graph).flatMap(allowedIn).filter((statement) => mayCall(statement, ASKING));
  const isLet = statements.some((statement) => listOf(statement.get('Resource')).some((resource) => isAbout(resource, table)));
  return expect(isLet, place, 'may not query the gate\'s table, so revocations never reach the gate, which then lets nobody in');
}

/** How often a gate asks is a constant of it (2 seconds; what it heard more than 5 ago lets nobody through), which no template can change. */
const denyList = defineRule('INC-3', 'deny-list', {
  extent: 'gates; how soon each copy refuses is measured by the drill',
  appliesTo: [TASK_DEFINITION],
  remediation: 'Name a DynamoDB table in the gate\'s configuration, and let the task\'s role Query and GetItem there. In CDK, Gate does.',
  check: (task, graph) => eachGate(task, (configuration, gate) => {
    const { text } = configuration.get('table').get('name').partialText();
    if (text === '') return fail(gate.container, `${gate.name} is told of no table, so nothing that is revoked reaches it`);
    return mayAsk(task, tableAt(text, task, graph), graph);
  }),
});

export const INC_REVOCATION_RULES = [denyList];
