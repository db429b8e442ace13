import { FIRST_TO_CLAIM_METADATA, JOB_BINDINGS } from '../../broker/contract';
import { defineRule, expect, fail, NOT_APPLICABLE, PASS } from '../rule';
import { isOfBroker, ofBroker } from './broker-configuration';
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
const binding = defineRule('WCC-2', 'binding', {
  extent: 'brokers of the templates',
  appliesTo: FUNCTIONS,
  remediation: `Set binding to assigned, or say in Metadata ${FIRST_TO_CLAIM_METADATA} why whoever comes first may have a job. In CDK: JobBinding.assigned(), JobBinding.firstToClaim(reason).`,
  check: (fn, graph) => ofBroker(fn, graph, (configuration) => {
    const place = configuration.get('binding');
    const kind = place.text();
    if (kind === 'assigned') return PASS;
    if (kind !== 'first-to-claim') return fail(place, `is ${kind ?? 'not set'}, and of ${JOB_BINDINGS.join(', ')} a broker has one`);
    return expect((metadataText(fn, FIRST_TO_CLAIM_METADATA) ?? '') !== '', place, `is ${kind}, so whoever asks first has a job's credentials, and nothing says why`);
  }),
});

export const WCC_JOB_RULES = [jobWriters, binding];
