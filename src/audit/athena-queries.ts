import { AUDIT_EVENT, AUDIT_MARK_EVENT, RECORDS_TABLE } from './contract';

/** A question to the archive: plain SQL, with `?` where whoever asks fills something in. */
export interface AthenaQuery {
  readonly description: string;
  readonly sql: string;
}

/** How far back the queries look that nobody tells: each day is paid for by what it holds. */
const DAYS = 30;

/** Partitions are named, so that nothing older is read. */
const RECENT = `day >= CAST(CAST(current_date - INTERVAL '${DAYS}' DAY AS DATE) AS VARCHAR)`;

/** Saved with the table, by name. */
export const ATHENA_QUERIES: Readonly<Record<string, AthenaQuery>> = {
  'auth-failures-by-identity': {
    description: `Who was refused for want of identity or right in the last ${DAYS} days, and how often; callers that nobody could name are one line`,
    sql: `SELECT COALESCE(identity, '-') AS caller, reason, status, COUNT(*) AS refusals, MIN("time") AS first_seen, MAX("time") AS last_seen
FROM ${RECORDS_TABLE}
WHERE event = '${AUDIT_EVENT}' AND outcome = 'refused' AND status IN (401, 403) AND ${RECENT}
GROUP BY COALESCE(identity, '-'), reason, status
ORDER BY refusals DESC, caller, reason`,
  },
  'story-of-a-request': {
    description: 'All that is known of one request: fill in its x-request-id',
    sql: `SELECT "time", gate, seq, request_id, identity, proof, "action", outcome, reason, status, latency_ms, bytes_in, bytes_out, stream, model, prompt_tokens, completion_tokens, total_tokens
FROM ${RECORDS_TABLE}
WHERE event = '${AUDIT_EVENT}' AND request_id = ? AND ${RECENT}
ORDER BY "time"`,
  },
  'usage-by-identity': {
    description: `Requests and tokens of each caller, day by day, of the last ${DAYS} days`,
    sql: `SELECT COALESCE(identity, '-') AS caller, SUBSTR("time", 1, 10) AS on_day, COUNT(*) AS requests,
  SUM(CASE WHEN outcome = 'served' THEN 1 ELSE 0 END) AS served,
  SUM(COALESCE(prompt_tokens, 0)) AS prompt_tokens, SUM(COALESCE(completion_tokens, 0)) AS completion_tokens, SUM(COALESCE(total_tokens, 0)) AS total_tokens
FROM ${RECORDS_TABLE}
WHERE event = '${AUDIT_EVENT}' AND ${RECENT}
GROUP BY COALESCE(identity, '-'), SUBSTR("time", 1, 10)
ORDER BY on_day DESC, requests DESC, caller`,
  },
  'lost-records': {
    description: `Gates of the last ${DAYS} days whose records have gaps in their numbers, or that were killed with requests open`,
    // A mark tells the number of the last record before it, so that a record that is missing at the end is missed too.
    sql: `SELECT gate, first_seq, last_seq, records, last_seq - first_seq + 1 - records AS missing, open_at_end, is_ended
FROM (
  SELECT gate, MIN(CASE WHEN event = '${AUDIT_EVENT}' THEN seq END) AS first_seq, MAX(seq) AS last_seq,
    COUNT(DISTINCT CASE WHEN event = '${AUDIT_EVENT}' THEN seq END) AS records,
    MAX(CASE WHEN event = '${AUDIT_MARK_EVENT}' AND "final" THEN "open" END) AS open_at_end,
    MAX(CASE WHEN event = '${AUDIT_MARK_EVENT}' AND "final" THEN 1 ELSE 0 END) AS is_ended
  FROM ${RECORDS_TABLE}
  WHERE event IN ('${AUDIT_EVENT}', '${AUDIT_MARK_EVENT}') AND ${RECENT}
  GROUP BY gate
) AS gates
WHERE last_seq - first_seq + 1 > records OR open_at_end > 0
ORDER BY missing DESC, gate`,
  },
};
