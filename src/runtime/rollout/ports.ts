import type { RetireAnswer, RolledSecret, RolledService } from '../../secrets/contract';

/** Which versions of a secret are in use. */
export interface SecretState {
  /** Id of the version labelled AWSCURRENT. */
  readonly current: string;
  /** Id of the version labelled AWSPREVIOUS; as long as there is one the secret is not settled. */
  readonly previous?: string;
  /** When the secret was changed last in any way, in milliseconds since 1970: never before AWSCURRENT moved. */
  readonly changedAt: number;
}

export interface Deployment {
  /** In milliseconds since 1970. */
  readonly createdAt: number;
  readonly state: 'in-progress' | 'completed' | 'failed';
}

export interface Task {
  /** When it began to start, in milliseconds since 1970; it is told its secrets after that. Nothing where it has not begun. */
  readonly createdAt?: number;
  /** Told to stop; it may still work. */
  readonly isStopping: boolean;
}

export interface ServiceState {
  /** Whether it can be rolled: one that is being deleted cannot. */
  readonly isActive: boolean;
  readonly deployments: readonly Deployment[];
  /** All that run, and all that have not stopped yet. */
  readonly tasks: readonly Task[];
}

export interface RolledSecrets {
  describe(secretArn: string): Promise<SecretState>;
}

export interface RolledServices {
  /** Nothing where there is no such service, or none any more. No task that holds something is ever left out. */
  describe(service: RolledService): Promise<ServiceState | undefined>;
  /** Replaces all its tasks. */
  roll(service: RolledService): Promise<void>;
}

export interface Retiring {
  /** @param current the version on whose tasks the decision rests: another one since then is not retired */
  retire(secret: RolledSecret, current: string): Promise<RetireAnswer['outcome']>;
}
