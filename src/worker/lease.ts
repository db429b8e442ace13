import { inspect } from 'node:util';
import { type DeviceCredential, REDACTED } from './device-credential';

/** What was checked out. */
export interface LeasedCredential {
  readonly jobId: string;
  readonly credentialId: string;
}

export interface LeaseOptions extends LeasedCredential {
  readonly leaseId: string;
  readonly credential: DeviceCredential;
  /** Seconds since 1970. */
  readonly expiresAt: number;
  readonly renewableUntil: number;
  /** How long a lease lasts at most, by the broker: this machine's clock may be off by as much. */
  readonly leaseSeconds: number;
  readonly ask: (route: 'renew' | 'release', leaseId: string, signal?: AbortSignal) => Promise<{ readonly expiresAt?: number }>;
}

/**
 * A credential for a time. Its end stops further checkouts and renewals; a password that was seen is known until it is changed on the device.
 *
 * Neither printing nor JSON shows the credential.
 */
export class Lease implements LeasedCredential {
  public readonly jobId: string;
  public readonly credentialId: string;
  /** Beyond which no renewal goes. */
  public readonly renewableUntil: Date;
  readonly #options: LeaseOptions;
  #credential: DeviceCredential | undefined;
  #expiresAt = 0;
  #endsAt = 0;

  public constructor(options: LeaseOptions) {
    this.jobId = options.jobId;
    this.credentialId = options.credentialId;
    this.renewableUntil = new Date(options.renewableUntil * 1000);
    this.#options = options;
    this.#credential = options.credential;
    this.#lastUntil(options.expiresAt);
  }

  public get expiresAt(): Date {
    return new Date(this.#expiresAt * 1000);
  }

  /** @throws Error after `release` */
  public get credential(): DeviceCredential {
    if (this.#credential === undefined) throw new Error('The lease was released.');
    return this.#credential;
  }

  /** How long it is good for, in milliseconds, by a clock that nobody sets. */
  public get remainingMs(): number {
    return this.#endsAt - performance.now();
  }

  /** Whether a renewal can make it last longer. */
  public get isRenewable(): boolean {
    return this.#expiresAt < this.#options.renewableUntil;
  }

  /**
   * Makes it last as long as a new one would, as far as `renewableUntil`.
   *
   * @param signal after which a broker that does not answer is not asked again
   * @throws BrokerRefusal `forbidden` once it is over
   */
  public async renew(signal?: AbortSignal): Promise<void> {
    const { expiresAt } = await this.#options.ask('renew', this.#options.leaseId, signal);
    if (expiresAt !== undefined) this.#lastUntil(expiresAt);
  }

  /** Ends it. */
  public async release(): Promise<void> {
    this.#credential = undefined;
    await this.#options.ask('release', this.#options.leaseId);
  }

  public toJSON(): object {
    const { jobId, credentialId, expiresAt, renewableUntil } = this;
    return { jobId, credentialId, expiresAt, renewableUntil, credential: REDACTED };
  }

  public [inspect.custom](): object {
    return this.toJSON();
  }

  #lastUntil(expiresAt: number): void {
    this.#expiresAt = expiresAt;
    this.#endsAt = performance.now() + Math.min(expiresAt * 1000 - Date.now(), this.#options.leaseSeconds * 1000);
  }
}
