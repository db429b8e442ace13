import { AUDIT_EVENT } from '../audit/contract';
import type { InsightsQueries } from '../audit/insights-queries';
import { METHOD, ROUTES } from './protocol/contract';

/** What an answer of CloudWatch Logs Insights holds at most. */
const MOST = 10_000;

/** Which worker had which credential, for which job, and what it was refused (WCC-6). */
export const WORKER_QUERIES: InsightsQueries = {
  'worker-checkouts': `filter event = "${AUDIT_EVENT}" and action = "${METHOD} ${ROUTES.checkout.path}" and ispresent(worker)\n`
    + '| stats count(*) as requests, min(time) as first, max(time) as last by worker, credential, job, outcome, reason\n'
    + `| sort requests desc\n| limit ${MOST}`,
};
