import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { type FieldName, METHOD, REFUSALS, ROUTES, type RouteName, ZERO_SIGNATURE } from '../../src/broker/protocol/contract';
import { canonicalOf, digestOf } from '../../src/runtime/broker/canonical';
import { signatureOf } from '../../src/runtime/broker/signature';

export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A request as it goes over the wire; the same one can be sent twice, or changed. */
export interface WireRequest {
  readonly path: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
}

export interface SigningOptions {
  readonly host: string;
  readonly workerId: string;
  readonly key: string;
  /** @default - signed with the shared key */
  readonly proof?: Partial<Record<FieldName, string>>;
  /** Seconds since 1970. @default - now */
  readonly timestamp?: number;
  readonly nonce?: string;
  /** What the path is that is signed, where it is another one. */
  readonly signedPath?: string;
}

const UNAVAILABLE = REFUSALS.unavailable.status;

export const freshNonce = (): string => randomBytes(16).toString('base64url');

/** A signed request, by the words of docs/worker-protocol.md. */
export function signedRequest(route: RouteName, fields: Partial<Record<FieldName, string>>, options: SigningOptions): WireRequest {
  const { host, workerId, key, proof = {}, timestamp = Math.floor(Date.now() / 1000), nonce = freshNonce(), signedPath } = options;
  const { path } = ROUTES[route];
  const whole = { version: '1', worker_id: workerId, timestamp: String(timestamp), nonce, ...proof, ...fields, hmac_signature: ZERO_SIGNATURE };
  const unsigned = JSON.stringify(whole);
  const canonical = canonicalOf({ path: signedPath ?? path, host, workerId, timestamp: String(timestamp), nonce, bodyDigest: digestOf(unsigned) });
  return { path, body: unsigned.replace(ZERO_SIGNATURE, signatureOf(key, canonical)) };
}

/** Sends what it is given, byte for byte. */
export function sendTo(port: number, { path, body, headers = {}, method = METHOD }: WireRequest): Promise<WireAnswer> {
  return new Promise((resolve, reject) => {
    const sentHeaders = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers };
    const sent = request({ host: '127.0.0.1', port, path, method, agent: false, headers: sentHeaders }, (response) => {
      text(response).then((said) => resolve({ status: response.statusCode ?? 0, headers: response.headers, text: said, body: parsed(said) }), reject);
    });
    sent.on('error', reject).end(body);
  });
}

function parsed(said: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(said) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** Who is asked, by which name, and how often anew where a store of the broker's did not answer in time. */
export interface AskedBroker {
  readonly port: number;
  readonly host: string;
  readonly patience: number;
}

/** A worker that keeps no more than its id and its key. */
export class TestWorker {
  public keyId?: string;

  public constructor(private readonly broker: AskedBroker, public readonly id: string, public key: string) {}

  public signed(route: RouteName, fields: Partial<Record<FieldName, string>> = {}, options: Partial<SigningOptions> = {}): WireRequest {
    const proof = this.keyId === undefined ? {} : { key_id: this.keyId };
    return signedRequest(route, fields, { host: this.broker.host, workerId: this.id, key: this.key, proof, ...options });
  }

  public async send(route: RouteName, fields: Partial<Record<FieldName, string>> = {}, options: Partial<SigningOptions> = {}): Promise<WireAnswer> {
    const { port, patience } = this.broker;
    for (let left = patience; ; left -= 1) {
      const answer = await sendTo(port, this.signed(route, fields, options));
      if (answer.status !== UNAVAILABLE || left === 0) return answer;
    }
  }

  /** Takes the key of its own that it is told, where it is told one. */
  public async register(): Promise<WireAnswer> {
    return this.keep(await this.send('register'));
  }

  public async join(token: string): Promise<WireAnswer> {
    const [joinId = '', secret = ''] = token.split('.');
    return this.keep(await this.send('register', {}, { key: secret, proof: { join_id: joinId } }));
  }

  public checkout(job: string, credential: string): Promise<WireAnswer> {
    return this.send('checkout', { job_id: job, credential_id: credential });
  }

  public lease(route: 'renew' | 'release', job: string, credential: string, lease: unknown): Promise<WireAnswer> {
    return this.send(route, { job_id: job, credential_id: credential, lease_id: String(lease) });
  }

  private keep(answer: WireAnswer): WireAnswer {
    const { key_id: keyId, worker_key: key } = answer.body;
    if (typeof keyId === 'string' && typeof key === 'string') [this.keyId, this.key] = [keyId, key];
    return answer;
  }
}
