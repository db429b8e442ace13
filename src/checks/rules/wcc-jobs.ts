import { FIRST_TO_CLAIM_METADATA, JOB_BINDINGS } from '../../broker/contract';
import { all, defineRule, expect, fail, NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import type { Property } from '../template/property';
import type { TemplateGraph } from '../template/template-graph';
import { type Broker, isOfBroker, ofBroker, tableOf } from './broker-configuration';
import { jobTables } from './broker-tables';
import { isWorker } from './broker-workers';
import { keptFor } from './kept-for';
import { mayCall } from './policies';
import { metadataText } from './secrets';
import { TABLE_DOCUMENTS, TABLE_WRITES, tablesIn } from './tables';
import { FUNCTIONS } from './variables';

/** Who writes a job says who gets the credential: a worker would say it is itself, and a broker that is broken into could lend itself all of them. */
const jobWriters = defineRule('WCC-2', 'job-writers', {
  appliesTo: Object.keys(TABLE_DOCUMENTS),
  extent: 'policies of the templates that are about a table of jobs or about all tables',
  remediation: 'Let the orchestrator alone write jobs, by CredentialBroker.grantAssignJobs in CDK; the broker reads them, and a worker needs no table.',
  check: (owner, graph) => (jobTables(graph).length === 0 ? NOT_APPLICABLE : keptFor(owner, graph, TABLE_DOCUMENTS, (statement) =>
    (mayCall(statement, TABLE_WRITES) ? tablesIn(statement, owner, jobTables(graph)) : []).map((table) => ({
      use: `write into ${table.logicalId}, which says who may have which credential for which job`,
      isFor: ({ program, isStarter }) => !isStarter && !isWorker(program) && !isOfBroker(program),
      isForOthers: true,
    })))),
});

/** A job that names nobody is for whoever asks first; that this is what somebody wants stands beside it, with the reason. */
function isBound(configuration: Property, { fn }: Broker): readonly Outcome[] {
  const place = configuration.get('binding');
  const kind = place.text();
  if (kind === 'assigned') return PASS;
  if (kind !== 'first-to-claim') return fail(place, `is ${kind ?? 'not set'}, and of ${JOB_BINDINGS.join(', ')} a broker has one`);
  return expect((metadataText(fn, FIRST_TO_CLAIM_METADATA) ?? '') !== '', place, `is ${kind}, so whoever asks first has a job's credentials, and nothing says why`);
}

/** Of a table that is not there nobody knows who writes it; and in one with leases, whoever may write jobs writes those. */
function isFromTable(configuration: Property, broker: Broker, graph: TemplateGraph): readonly Outcome[] {
  const place = configuration.get('tables.jobs');
  if (place.partialText().text === '') return fail(configuration.get('tables'), 'name no table of jobs (tables.jobs), so whose a job is nobody says');
  const table = tableOf(broker, 'jobs', graph);
  if (!table) return undecidable(place, 'is a table of none of the templates, so who may say there whose a job is is not known');
  return expect(table !== tableOf(broker, 'state', graph), place, `is ${table.logicalId}, which holds leases as well, so that whoever writes jobs may write those`);
}

const binding = defineRule('WCC-2', 'binding', {
  extent: 'brokers of the templates',
  appliesTo: FUNCTIONS,
  remediation: `Set binding to assigned, or say in Metadata ${FIRST_TO_CLAIM_METADATA} why whoever comes first may have a job; keep jobs in a table of their own (tables.jobs). `
    + 'In CDK: JobBinding.assigned(), JobBinding.firstToClaim(reason); JobTable.',
  check: (fn, graph) => ofBroker(fn, graph, (configuration, broker) => all(() => isBound(configuration, broker), () => isFromTable(configuration, broker, graph))),
});

export const WCC_JOB_RULES = [jobWriters, binding];
