import { JOIN_TOKEN } from '../broker/protocol/contract';
import { type Answer, Broker, type Prove } from './broker';
import { isTemporary } from './broker-refusal';
import { type DeviceCredential, readCredential } from './device-credential';
import { KeptLeases } from './kept-leases';
import { Lease, type LeasedCredential } from './lease';
import { formed } from './sign';
import { taskProof, taskWorkerId } from './task';

export interface WorkerAddress {
  /** Where the broker is: `https://<host>`; plain `http` only on this machine. */
  readonly url: string;
  readonly workerId: string;
}
export interface SharedKeyOptions extends WorkerAddress {
  /** What all workers sign with; a function is asked before each request. */
  readonly key: string | (() => Promise<string>);
}
export interface TokenOptions extends WorkerAddress {
  /** As `cdk-secure-core workers invite` prints it: good for one join. */
  readonly token: string;
}
export interface TaskOptions {
  readonly url: string;
  /** @default - of this task: `taskWorkerId` */
  readonly workerId?: string;
}

/** Which credential, for which job: there is no default for either (TS-30). */
export type CheckoutOptions = LeasedCredential;

/** A worker's key is renewed when so much of its life is over (ours). */
const KEY_SHARE = 2 / 3;

/**
 * A worker that holds no credentials: it checks them out, for a job, and gives them back.
 *
 * One process is one worker: another one that registers by the same id ends what this one has.
 */
export class WorkerClient {
  /** Joins with a token, once in its life; from then on this process has a key of its own, in memory alone. @throws BrokerRefusal where the token is spent or over, or of another worker */
  public static async join({ url, workerId, token }: TokenOptions): Promise<WorkerClient> {
    const [, joinId, key] = JOIN_TOKEN.exec(token) ?? [];
    if (joinId === undefined || key === undefined) throw new TypeError('token: is no join token.');
    const client = new WorkerClient({ url, workerId, key });
    client.#prove = () => ({ key, said: { field: 'join_id', value: joinId } });
    await client.register();
    return client;
  }

  /** Joins as the task of ECS that this process runs in. @throws BrokerRefusal where the broker takes no such task */
  public static async joinAsTask({ url, workerId }: TaskOptions): Promise<WorkerClient> {
    const client = new WorkerClient({ url, workerId: workerId ?? await taskWorkerId(), key: '' });
    client.#prove = (nonce) => taskProof({ host: client.#broker.host, workerId: client.workerId, nonce });
    await client.register();
    return client;
  }

  public readonly workerId: string;
  readonly #broker: Broker;
  readonly #kept: KeptLeases;
  #prove: Prove;
  #registering?: Promise<void>;
  #leaseSeconds?: number;
  /** By `performance.now()`; a shared key is not renewed. */
  #keyOldAt = Infinity;
  #keyEndsAt = Infinity;

  public constructor({ url, workerId, key }: SharedKeyOptions) {
    this.workerId = workerId;
    this.#broker = new Broker(url, workerId);
    this.#prove = async () => ({ key: typeof key === 'string' ? key : await key() });
    this.#kept = new KeptLeases(() => this.exit());
  }

  /** Says that this process begins: whatever its predecessor had is over. The first checkout does so where nobody did. */
  public register(): Promise<void> {
    this.#registering ??= this.#register().finally(() => { this.#registering = undefined; });
    return this.#registering;
  }

  /** @throws BrokerRefusal `forbidden` where there is no such job or credential, or it is another's: one answer for all */
  public async checkout({ jobId, credentialId }: CheckoutOptions): Promise<Lease> {
    const asked = { job_id: formed('job_id', jobId), credential_id: formed('credential_id', credentialId) };
    const answer = await this.#ask('checkout', asked);
    return new Lease({
      jobId, credentialId,
      leaseId: String(answer.lease_id),
      credential: readCredential(answer.credential),
      expiresAt: Number(answer.expires_at),
      renewableUntil: Number(answer.renewable_until),
      leaseSeconds: this.#leaseSeconds ?? Infinity,
      ask: async (route, lease_id, signal) => {
        const { expires_at } = await this.#ask(route, { ...asked, lease_id }, signal);
        return { expiresAt: expires_at === undefined ? undefined : Number(expires_at) };
      },
    });
  }

  /**
   * Does something with a credential: renews its lease meanwhile, and releases it in the end.
   *
   * On SIGTERM it says that the worker leaves, which ends all its leases; unless somebody else listens for it, the process ends as soon as what is under way has come to its end, or ten seconds later.
   *
   * @param use is told by the signal when the lease is lost
   */
  public async withLease<Result>(asked: CheckoutOptions, use: (credential: DeviceCredential, lost: AbortSignal) => Promise<Result>): Promise<Result> {
    const lease = await this.checkout(asked);
    return this.#kept.during(lease, (lost) => use(lease.credential, lost));
  }

  /** Says that the worker leaves: all its leases are over. It may register again. */
  public async exit(): Promise<void> {
    await this.#ask('exit', {});
  }

  async #ask(route: 'checkout' | 'renew' | 'release' | 'exit', fields: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<Answer> {
    await this.#ready();
    return this.#broker.ask(route, fields, (nonce) => this.#prove(nonce), signal);
  }

  async #ready(): Promise<void> {
    if (this.#leaseSeconds !== undefined && performance.now() < this.#keyOldAt) return;
    try {
      await this.register();
    } catch (error) {
      // The old key is still good, and there is time to ask again.
      const isGood = this.#leaseSeconds !== undefined && performance.now() < this.#keyEndsAt;
      if (!isGood || !isTemporary(error)) throw error;
    }
  }

  async #register(): Promise<void> {
    const { lease_seconds, expires_at, key_id: value, worker_key: key } = await this.#broker.ask('register', {}, (nonce) => this.#prove(nonce));
    this.#leaseSeconds = Number(lease_seconds);
    if (typeof value !== 'string' || typeof key !== 'string') return;
    this.#prove = () => ({ key, said: { field: 'key_id', value } });
    const lifeMs = Number(expires_at) * 1000 - Date.now();
    this.#keyOldAt = performance.now() + lifeMs * KEY_SHARE;
    this.#keyEndsAt = performance.now() + lifeMs;
  }
}
