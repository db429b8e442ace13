import type { Log, SecretStrategy } from '../../src/runtime/rotation/ports';

/** Something that was started with a value and goes on with it to its end, as a container does. */
export interface LoadTask {
  /** Does one piece of work for somebody; a task that only answers others has none. */
  readonly ask?: () => Promise<void>;
  /** Called when nothing that it was asked for is under way. */
  stop(): Promise<void>;
}

/** A service whose tasks hold the secret. */
export interface LoadService {
  readonly name: string;
  /** @param turn which of the service's tasks it is: every other one connects anew for each request */
  start(value: string, turn: number): Promise<LoadTask>;
}

/** A kind of secret with its store and those who use it. */
export interface LoadKind {
  readonly name: string;
  readonly strategy: SecretStrategy;
  /** What a deployment puts into the secret. */
  readonly first: string;
  readonly services: readonly LoadService[];
  /** Whether the store, or anybody who stands for it, lets somebody in with this value. */
  isLetIn(value: string): Promise<boolean>;
  /** What the store has written to its log. */
  log(): string;
  stop(): Promise<void>;
}

export interface KindParts {
  readonly log: Log;
  /** What the secret is now: for a program that is told where it is, and not what. */
  readonly read: () => Promise<string>;
}

export type OpenKind = (parts: KindParts) => Promise<LoadKind>;

/** Whether a task connects anew for each request: half of them do. */
export const connectsAnew = (turn: number): boolean => turn % 2 === 0;

/** A request that was answered, and not as it should be. */
export class Refused extends Error {}
