import { createHash, createHmac, randomBytes } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import {
  CANONICAL_SEPARATOR, CANONICAL_VERSION, CONTENT_TYPE, type FieldName, METHOD, PROTOCOL_VERSION, REQUEST_ID_HEADER, type RouteName, ROUTES, ZERO_SIGNATURE,
} from '../../../broker/protocol/contract';
import type { JsonMap } from '../../../checks/template/template';
import { parsedLine } from '../../json';

export type Fields = Partial<Record<FieldName, string>>;

/** Who signs, and for which broker. */
export interface Signer {
  readonly host: string;
  readonly worker: string;
  readonly key: string;
  /** Which key that is; nothing for the shared one. */
  readonly proof?: Fields;
}

/** When and what is signed, where that is not now and the truth. */
export interface Signing {
  /** So many seconds from now. @default 0 */
  readonly ahead?: number;
  /** @default - the path that it is sent to */
  readonly path?: string;
}

/** As it is sent: the same one can be sent twice, elsewhere, or altered. */
export interface WorkerRequest {
  readonly path: string;
  readonly host: string;
  readonly body: string;
}

export interface WorkerAnswer {
  readonly status: number;
  /** Of the broker's own record. */
  readonly requestId: string;
  readonly text: string;
  readonly fields: JsonMap;
}

const NONCE_BYTES = 16;

/** A request as docs/worker-protocol.md has it. Written here once more: code that is attacked is no measure of itself. */
export function signed(route: RouteName, fields: Fields, { host, worker, key, proof = {} }: Signer, { ahead = 0, path = ROUTES[route].path }: Signing = {}): WorkerRequest {
  const timestamp = String(Math.floor(Date.now() / 1000) + ahead);
  const nonce = randomBytes(NONCE_BYTES).toString('base64url');
  const body = JSON.stringify({ version: PROTOCOL_VERSION, worker_id: worker, timestamp, nonce, ...proof, ...fields, hmac_signature: ZERO_SIGNATURE });
  const canonical = [CANONICAL_VERSION, METHOD, path, host, worker, timestamp, nonce, createHash('sha256').update(body).digest('hex')].join(CANONICAL_SEPARATOR);
  return { path: ROUTES[route].path, host, body: body.replace(ZERO_SIGNATURE, createHmac('sha256', key).update(canonical).digest('hex')) };
}

/** The request with other fields, and the signature that it had. */
export function altered({ body, ...rest }: WorkerRequest, alter: (fields: Readonly<Record<string, string>>) => Readonly<Record<string, string>>): WorkerRequest {
  return { ...rest, body: JSON.stringify(alter(JSON.parse(body) as Record<string, string>)) };
}

/** Sends it to a broker on this machine, byte for byte. */
export function send(port: number, { path, host, body }: WorkerRequest): Promise<WorkerAnswer> {
  return new Promise((resolve, reject) => {
    const headers = { host, 'content-type': CONTENT_TYPE, 'content-length': Buffer.byteLength(body) };
    const sent = httpRequest({ host: '127.0.0.1', port, path, method: METHOD, agent: false, headers }, (response) => {
      text(response).then((said) => resolve({
        status: response.statusCode ?? 0, requestId: String(response.headers[REQUEST_ID_HEADER] ?? ''), text: said, fields: parsedLine(said) ?? {},
      }), reject);
    });
    sent.on('error', reject).end(body);
  });
}
