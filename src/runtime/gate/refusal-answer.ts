import { STATUS_CODES } from 'node:http';
import { SECURITY_HEADERS } from '../../ingress/contract';
import { REFUSALS, type Refusal, type RefusalCode } from './refusal';
import { REQUEST_ID_HEADER } from './request-id';

export interface Answer {
  readonly status: number;
  /** Lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** RFC 9110, 15.5.2: a 401 says what is wanted. */
const WANTED: Readonly<Partial<Record<RefusalCode, Readonly<Record<string, string>>>>> = {
  unauthenticated: { 'www-authenticate': 'Bearer' },
};

/** After which nobody knows, or wants to know, what follows on the connection. */
const LAST_OF_ITS_CONNECTION: ReadonlySet<RefusalCode> = new Set(['bad_request', 'timeout', 'too_large', 'headers_too_large']);

/**
 * What a caller is told who goes no further: a code and the request's id, never why (RED-3). Its shape is the one that OpenAI's SDKs read.
 *
 * @param cors what a page of another origin needs to read it
 */
export function answerOf(refusal: Refusal, requestId: string, cors: Readonly<Record<string, string>> = {}): Answer {
  const { code } = refusal;
  const { status, message } = REFUSALS[code];
  const body = JSON.stringify({ error: { code, message, request_id: requestId, type: code } });
  return {
    status,
    headers: {
      ...refusal.headers,
      ...WANTED[code],
      ...cors,
      ...SECURITY_HEADERS,
      [REQUEST_ID_HEADER]: requestId,
      'cache-control': 'no-store',
      'content-type': 'application/json; charset=utf-8',
      // Else an answer of nothing but headers is chunked, which costs some clients their connection.
      'content-length': String(Buffer.byteLength(body)),
      ...(LAST_OF_ITS_CONNECTION.has(code) ? { connection: 'close' } : {}),
    },
    body,
  };
}

/** An answer as bytes, for a socket of which no server made a response: one that could not be parsed, or that asked for an upgrade. It is closed afterwards. */
export function rawAnswer({ status, headers, body }: Answer): string {
  const lines = Object.entries({ date: new Date().toUTCString(), ...headers, connection: 'close' }).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, ...lines, '', body].join('\r\n');
}
