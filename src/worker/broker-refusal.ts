import { type RefusalName, REFUSALS, type RouteName } from '../broker/protocol/contract';

/** Clocks are called off where they are by more than this: less does no harm, since a broker's window is not shorter (ours). */
const NOTABLE_SECONDS = 5;

export interface RefusalOptions {
  readonly route: RouteName;
  readonly status: number;
  /** Absent where somebody between here and the broker answered. */
  readonly code?: RefusalName;
  /** Seconds. */
  readonly retryAfter?: number;
  /** The broker's clock, in seconds since 1970. */
  readonly brokerTime?: number;
}

/** What a worker asked for was not granted. */
export class BrokerRefusal extends Error {
  public override readonly name = 'BrokerRefusal';
  /** Of HTTP. */
  public readonly status: number;
  /** What the broker says; `unknown` where somebody between here and the broker answered, such as its load balancer. */
  public readonly code: RefusalName | 'unknown';
  /** After how many seconds it may be asked again. */
  public readonly retryAfter?: number;
  /** How far this machine's clock is ahead of the broker's, in seconds; absent where the broker does not say the time. */
  public readonly clockAheadSeconds?: number;

  public constructor({ route, status, code, retryAfter, brokerTime }: RefusalOptions) {
    const ahead = brokerTime === undefined ? undefined : Math.round(Date.now() / 1000 - brokerTime);
    const clock = ahead === undefined || Math.abs(ahead) <= NOTABLE_SECONDS ? '' : ` The clock of this machine is ${Math.abs(ahead)} s ${ahead > 0 ? 'ahead of' : 'behind'} the broker's.`;
    super(`${route}: ${status} ${code ?? '(not by the broker)'}.${code === undefined ? '' : ` ${REFUSALS[code].meaning}`}${clock}`);
    this.status = status;
    this.code = code ?? 'unknown';
    this.retryAfter = retryAfter;
    this.clockAheadSeconds = ahead;
  }

  /** Whether the same may be granted later. Who is not let in, or has no right to something, gains nothing by asking again. */
  public get isTemporary(): boolean {
    return this.status === 429 || this.status >= 500;
  }
}

/** Whether asking again, with a new nonce, may help: also after what is no answer at all. */
export const isTemporary = (error: unknown): boolean => !(error instanceof TypeError) && (!(error instanceof BrokerRefusal) || error.isTemporary);
