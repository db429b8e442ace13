import * as fs from 'node:fs';
import * as path from 'node:path';
import { DERIVATIONS, PROTOCOL_VERSION, REFUSALS } from '../src/broker/protocol/contract';
import { joinSecret, workerKeyOf } from '../src/runtime/broker/keys';
import { INVALID } from './worker-protocol/invalid';
import { VALID } from './worker-protocol/valid';
import { HOST, JOIN_ID, JOIN_SECRET, KEY_ID, MASTER, NOW, OWN_KEY, SHARED, shortId, type Vector, vectorOf, WINDOW_SECONDS, WORKER } from './worker-protocol/vector';

export const VECTORS_FILE = path.resolve(__dirname, '../docs/worker-protocol.vectors.json');

/** A request that is refused; with which signature says nothing. */
export interface InvalidVector extends Pick<Vector, 'name' | 'method' | 'host' | 'path' | 'content_type' | 'key' | 'body'> {
  readonly status: number;
  readonly error: string;
}

/** A key that is derived from a master. */
export interface DerivedVector {
  readonly what: string;
  readonly master: string;
  readonly worker_id: string;
  readonly id: string;
  readonly key: string;
}

const { joinSecret: JOIN, workerKey: KEY } = DERIVATIONS;

const DERIVED: readonly DerivedVector[] = [
  { what: JOIN, master: MASTER.current, worker_id: WORKER, id: JOIN_ID, key: JOIN_SECRET },
  { what: JOIN, master: MASTER.next, worker_id: 'w', id: shortId('another token'), key: joinSecret(MASTER.next, 'w', shortId('another token')) },
  { what: KEY, master: MASTER.current, worker_id: WORKER, id: KEY_ID, key: OWN_KEY },
  { what: KEY, master: MASTER.previous, worker_id: WORKER, id: KEY_ID, key: workerKeyOf(MASTER.previous, WORKER, KEY_ID) },
  { what: KEY, master: MASTER.current, worker_id: 'worker-2', id: KEY_ID, key: workerKeyOf(MASTER.current, 'worker-2', KEY_ID) },
];

const invalidOf = ({ name, method, host, path: sent, content_type, key, body }: Vector, error: keyof typeof REFUSALS): InvalidVector =>
  ({ name, status: REFUSALS[error].status, error, method, host, path: sent, content_type, key, body });

/** What the page on the worker protocol promises, by example. */
export const VECTORS = {
  version: PROTOCOL_VERSION,
  host: HOST,
  now: String(NOW),
  window_seconds: String(WINDOW_SECONDS),
  shared: SHARED,
  master: MASTER,
  valid: VALID.map(vectorOf),
  invalid: INVALID.map((fault) => invalidOf(vectorOf(fault), fault.error)),
  derived: DERIVED,
};

export const vectorsText = (): string => `${JSON.stringify(VECTORS, undefined, 2)}\n`;

if (require.main === module) fs.writeFileSync(VECTORS_FILE, vectorsText());
