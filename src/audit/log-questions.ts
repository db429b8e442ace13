import { AUDIT_EVENT } from './contract';

/**
 * What hot records and reads of secrets are asked, in the language of CloudWatch Logs Insights: the saved queries, the page of an incident and the command
 * `audit` all take it from here, so that they tell the same.
 */

/** Narrows a question down to one caller or one request. Put into the text as they are: whoever fills them in looks at them first. */
export interface Narrowing {
  /** 32 hex digits, as in the records. */
  readonly identity?: string;
  readonly requestId?: string;
}

const records = ({ identity, requestId }: Narrowing): string => [
  `filter event = "${AUDIT_EVENT}"`,
  ...(identity === undefined ? [] : [`identity = "${identity}"`]),
  ...(requestId === undefined ? [] : [`request_id = "${requestId}"`]),
].join(' and ');

/** Who was refused, how often, why, since when; the most frequent first (CX-68). */
export function whoWasRefused(narrowing: Narrowing = {}): string {
  return `${records(narrowing)} and outcome = "refused"\n`
    + '| stats count(*) as requests, min(time) as first, max(time) as last by identity, reason, status, action\n| sort requests desc';
}

/** What each caller did, how much of it, when first and last (CX-68). */
export function whoUsedWhat(narrowing: Narrowing = {}): string {
  return `${records(narrowing)} and ispresent(identity)\n`
    + '| stats count(*) as requests, sum(bytes_out) as bytes_sent, sum(total_tokens) as tokens, min(time) as first, max(time) as last by identity, proof, action, outcome\n'
    + '| sort requests desc';
}

/** Everything that is known of one request. */
export function storyOfRequest(narrowing: Narrowing): string {
  return `fields time, gate, seq, request_id, identity, proof, action, outcome, reason, status, latency_ms, bytes_in, bytes_out, model\n| ${records(narrowing)}\n| sort time asc`;
}

/** Who read a secret unexpectedly, or was denied it (AUD-6): fields of CloudTrail's events as EventBridge delivers them. */
export const SECRET_READS = 'fields time, detail.eventName as call, detail.userIdentity.arn as who, detail.sourceIPAddress as address, '
  + 'detail.requestParameters.secretId as secret, detail.errorCode as error\n| sort time desc';
