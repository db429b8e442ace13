import { PARTITION_KEY, SORT_KEY, TTL_ATTRIBUTE } from '../../broker/items/contract';
import { all, defineRule, expect, fail, NOT_APPLICABLE, type Outcome, undecidable } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { Reference } from '../template/value';
import { type Broker, isOfBroker, ofBroker, tableOf } from './broker-configuration';
import { stateTables } from './broker-tables';
import { keptFor } from './kept-for';
import { allowedIn, mayCall } from './policies';
import { documentsOf, ROLE, roleOf } from './roles';
import { TABLE_DOCUMENTS, TABLE_WRITES, tablesIn } from './tables';
import { FUNCTIONS } from './variables';

/** One partition for each worker, and in it one item for each nonce: with any other key, one nonce is told from another by less than both. */
function hasBothKeys(table: Resource): readonly Outcome[] {
  const place = table.prop('KeySchema');
  const keys = place.items().map((key) => `${key.get('KeyType').text() ?? ''} ${key.get('AttributeName').text() ?? ''}`).sort();
  return expect(keys.join() === [`HASH ${PARTITION_KEY}`, `RANGE ${SORT_KEY}`].join(), place, `of ${table.logicalId} is not ${PARTITION_KEY} with ${SORT_KEY}, which nonces are kept by`);
}

function forgets(table: Resource): readonly Outcome[] {
  const place = table.prop('TimeToLiveSpecification');
  return expect(place.get('Enabled').flag() === true && place.get('AttributeName').text() === TTL_ATTRIBUTE, place,
    `of ${table.logicalId} does not remove items by ${TTL_ATTRIBUTE}, so that every nonce that ever was is kept`);
}

/** How a nonce is used up. */
const USING_UP = ['dynamodb:PutItem'];

function mayWrite(broker: Broker, table: Resource, graph: TemplateGraph): readonly Outcome[] {
  const place = roleOf(broker.fn);
  const { value } = place;
  if (!(value instanceof Reference) || value.resource.type !== ROLE) {
    return undecidable(place, `is a role of none of the templates, so whether the broker may keep nonces in ${table.logicalId} is not known`);
  }
  const { resource: role } = value;
  const isLet = documentsOf(role, graph).flatMap(allowedIn).some((statement) => mayCall(statement, USING_UP) && tablesIn(statement, role, [table]).length > 0);
  return expect(isLet, place, `may not put items into ${table.logicalId}, so the broker can use up no nonce and refuses everybody`);
}

const nonceStore = defineRule('IDN-12', 'nonce-store', {
  extent: 'brokers of the templates',
  appliesTo: FUNCTIONS,
  remediation: `Name a DynamoDB table (tables.state) with the keys ${PARTITION_KEY} and ${SORT_KEY} and a TTL by ${TTL_ATTRIBUTE}, and let the broker put items there. In CDK, CredentialBroker does.`,
  check: (fn, graph) => ofBroker(fn, graph, (configuration, broker) => {
    const place: Property = configuration.get('tables.state');
    if (place.partialText().text === '') return fail(configuration.get('tables'), 'name no table of nonces (tables.state), so nothing that is sent again is refused');
    const table = tableOf(broker, 'state', graph);
    if (!table) return undecidable(place, 'is a table of none of the templates, so whether nonces are kept in it, and who else may take them away, is not known');
    return all(() => hasBothKeys(table), () => forgets(table), () => mayWrite(broker, table, graph));
  }),
});

/** Whoever takes a nonce away lets its request be sent again, and whoever writes leases, workers or tokens needs no request at all. */
const nonceWriters = defineRule('IDN-12', 'nonce-writers', {
  appliesTo: Object.keys(TABLE_DOCUMENTS),
  extent: 'policies of the templates that are about a broker\'s table of state or about all tables',
  remediation: 'Let nobody write there but the broker\'s own functions: whoever manages workers calls the broker, by CredentialBroker.grantManageWorkers in CDK.',
  check: (owner, graph) => (stateTables(graph).length === 0 ? NOT_APPLICABLE : keptFor(owner, graph, TABLE_DOCUMENTS, (statement) =>
    (mayCall(statement, TABLE_WRITES) ? tablesIn(statement, owner, stateTables(graph)) : []).map((table) => ({
      use: `write into ${table.logicalId}, by which a broker knows nonces, workers and leases`,
      isFor: ({ program, isStarter }) => !isStarter && isOfBroker(program),
      isForOthers: false,
    })))),
});

export const IDN_NONCE_RULES = [nonceStore, nonceWriters];
