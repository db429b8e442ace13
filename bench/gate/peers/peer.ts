import type { BenchKey } from '../keys';
import type { Stage } from '../stage';
import type { Tally } from '../tally';

/** Something that is compared. */
export interface Peer {
  readonly name: PeerName;
  /** What it does with a request, in a line. */
  readonly does: string;
  start(stage: Stage): Promise<RunningPeer>;
}

export type PeerName = 'direct' | 'ours' | 'ours with leases' | 'nginx' | 'envoy' | 'caddy' | 'fastify' | 'litellm';

export interface RunningPeer {
  readonly url: string;
  /** Whose processor time and memory are its own, with all that they start; Redis is counted beside them. */
  readonly pids: readonly number[];
  /** How it is shown a key. */
  headersFor(key: BenchKey): Readonly<Record<string, string>>;
  /** Of the service that it asks, so that its connections can be counted. @default - it asks nobody */
  readonly policyPort?: number;
  /** Whether it decides, and sends answers on as they are. @default true */
  readonly decides?: boolean;
  readonly rewritesAnswers?: boolean;
  /** When its process ends, so that nobody waits for it in vain. @default - it has none of its own */
  readonly exited?: Promise<unknown>;
  /** What it is sent is counted there. @default - nobody asks how much that was */
  readonly tally?: Tally;
  /** Ends it and looks at what it left. @returns what is wrong with that. @default - it leaves nothing to look at */
  readonly finish?: () => Promise<readonly string[]>;
  /** Its last words, where it does not answer. */
  output(): string;
}
