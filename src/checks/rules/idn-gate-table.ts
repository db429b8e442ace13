import { keyPartition, REVOCATIONS_PARTITION, TABLE_TAG } from '../../gate/contract';
import { defineRule, each, expect, fail, NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { Unknown } from '../template/value';
import { TASK_DEFINITION } from './containers';
import { gatesOf } from './gate-configuration';
import { isSure } from './gate-targets';
import { oncePerGraph } from './pointers';
import { covers, documentsAt, listOf, mayCall } from './policies';
import { TABLE, TABLE_DOCUMENTS, TABLE_WRITES, tablesIn } from './tables';

/** One entry of each kind that lets somebody in, or keeps somebody out. */
const OPENING = [keyPartition('0'.repeat(64)), REVOCATIONS_PARTITION];

/** Whether a gate is told of a table as the one that it decides by. */
const isTold = (table: Resource, graph: TemplateGraph): boolean => graph.ofType(TASK_DEFINITION).some((task) =>
  gatesOf(task).some(({ configuration }) => isSure(() => configuration.get('table.name').partialText().text === `\${${table.logicalId}}`)));

/** The tables by which gates decide. */
const gateTables = oncePerGraph((graph: TemplateGraph): readonly Resource[] => graph.ofType(TABLE).filter((table) =>
  isSure(() => table.prop('Tags').items().some((tag) => tag.get('Key').text() === TABLE_TAG)) || isTold(table, graph)));

/** Operators that hold for the named partitions alone; `IfExists` holds without any. */
const BOUNDS = /^(ForAllValues:)?String(Equals|Like)$/i;

/** The partitions that a condition leaves, as patterns; nothing where all are left. */
function partitionsOf(statement: Property): readonly Property[] {
  return statement.get('Condition').exists ? statement.get('Condition').entries()
    .filter(([operator]) => BOUNDS.test(operator))
    .flatMap(([, demanded]) => demanded.entries().filter(([key]) => key.toLowerCase() === 'dynamodb:leadingkeys').flatMap(([, value]) => listOf(value))) : [];
}

function leavesKeysAlone(statement: Property, table: Resource): readonly Outcome[] {
  const what = `lets whoever has it write into ${table.logicalId}, by which a gate decides`;
  const partitions = partitionsOf(statement);
  if (partitions.length === 0) return fail(statement, `${what}: an API key of his own among the rest`);
  return each(partitions, (partition) => {
    const pattern = partition.text() ?? '';
    const open = OPENING.find((one) => covers(pattern, one));
    return expect(open === undefined, partition, `${what}: in partition ${pattern} are ${open === REVOCATIONS_PARTITION ? 'revocations' : 'API keys'}`);
  });
}

const writers = defineRule('IDN-8', 'gate-table-writers', {
  appliesTo: Object.keys(TABLE_DOCUMENTS),
  extent: 'policies of the templates that are about a gate\'s table or about all tables',
  remediation: 'Let nobody write there but the command line, and what mirrors signing keys: PutItem with ForAllValues:StringEquals dynamodb:LeadingKeys ["jwks"]. In CDK, GateTable.grantMirror does.',
  check(owner, graph) {
    if (gateTables(graph).length === 0) return NOT_APPLICABLE;
    return each(documentsAt(owner, TABLE_DOCUMENTS[owner.type] ?? ''), (document) => {
      if (document.value instanceof Unknown) return undecidable(document, 'is known only when deployed, so whether it lets somebody write what a gate decides by is not');
      return each(document.get('Statement').items(), (statement) => {
        if (statement.get('Effect').text() !== 'Allow' || !mayCall(statement, TABLE_WRITES)) return NOT_APPLICABLE;
        const tables = tablesIn(statement, owner, gateTables(graph));
        return tables.length === 0 ? PASS : each(tables, (table) => leavesKeysAlone(statement, table));
      });
    });
  },
});

export const IDN_GATE_TABLE_RULES = [writers];
