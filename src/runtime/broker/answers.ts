import { STATUS_CODES } from 'node:http';
import { ANSWER_HEADERS, type RefusalName, REFUSALS, REQUEST_ID_HEADER, RETRY_AFTER_HEADER, UNAVAILABLE_RETRY_SECONDS } from '../../broker/protocol/contract';
import type { JsonObject } from '../shared/json-object';

/** What a load balancer takes from a function whose target group has multi-value headers. */
export interface AlbAnswer {
  readonly statusCode: number;
  readonly statusDescription: string;
  readonly multiValueHeaders: Readonly<Record<string, string[]>>;
  readonly body: string;
  readonly isBase64Encoded: false;
}

export interface RefusalFacts {
  readonly requestId: string;
  /** Seconds since 1970. */
  readonly now: number;
  /** Of `too-many`: until the next minute begins. */
  readonly retrySeconds?: number;
}

/** @param body texts, and the credential of a checkout */
export function granted(body: JsonObject, requestId: string): AlbAnswer {
  return answer(200, body, { [REQUEST_ID_HEADER]: requestId });
}

/** One answer for each name, whatever the reason was: a stranger learns nothing from it (M-37). */
export function refused(name: RefusalName, { requestId, now, retrySeconds = UNAVAILABLE_RETRY_SECONDS }: RefusalFacts): AlbAnswer {
  const isLater = name === 'too-many' || name === 'unavailable';
  const body = { error: name, ...(name === 'unauthenticated' && { time: String(now) }) };
  return answer(REFUSALS[name].status, body, { [REQUEST_ID_HEADER]: requestId, ...(isLater && { [RETRY_AFTER_HEADER]: String(retrySeconds) }) });
}

function answer(status: number, body: JsonObject, headers: Readonly<Record<string, string>>): AlbAnswer {
  return {
    statusCode: status,
    statusDescription: `${status} ${STATUS_CODES[status] ?? ''}`.trimEnd(),
    multiValueHeaders: Object.fromEntries(Object.entries({ ...ANSWER_HEADERS, ...headers }).map(([name, value]) => [name, [value]])),
    body: JSON.stringify(body),
    isBase64Encoded: false,
  };
}
