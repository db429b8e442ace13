import { randomUUID } from 'node:crypto';
import type { ReceivedHeaders } from './ports';
import { onlyValue } from './received-headers';

export const REQUEST_ID_HEADER = 'x-request-id';

/** Nothing that a log, a header or a page could take for more than a name (RC-21). */
const REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/;

/** The caller's own id, so that both find the request again; a new one where it is none. */
export function requestIdOf(received: ReceivedHeaders): string {
  const sent = onlyValue(received, REQUEST_ID_HEADER);
  return sent !== undefined && REQUEST_ID.test(sent) ? sent : randomUUID();
}
