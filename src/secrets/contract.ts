/** What the constructs of secrets and the functions behind them have to agree on. */

/** What is kept of a value that several programs know: which of them they send, and which they accept. */
export interface KeyRing {
  /** What is sent, and signed with. */
  readonly current: string;
  /** What was, for as long as somebody still sends it; the same as `current` where nobody does, since a container cannot be given a field that is not there. */
  readonly previous: string;
  /** What will be, so that whoever started before a rotation accepts what those send who start after it. */
  readonly next: string;
}

/** The fields of a ring, in the words of which a container names them (`ValueFrom: <arn>:current::`). */
export const RING_FIELDS = ['current', 'previous', 'next'] as const satisfies readonly (keyof KeyRing)[];

/** What the values of a ring look like. */
export type RingFormat =
  /** 64 hexadecimal digits, as `openssl rand -hex 32` writes them (CX-33). */
  | 'hex'
  /** 32 random bytes in base64url, 43 characters. */
  | 'base64url';

/** What a login to PostgreSQL is kept as. Every field is there from the start. */
export interface PostgresLogin {
  /** `<role>_a` or `<role>_b`: each rotation moves to the other one, so that both log in for a while. */
  readonly username: string;
  readonly password: string;
  readonly host: string;
  readonly port: number;
  readonly dbname: string;
  /** All of it in one, for programs that take a URL: `postgresql://…?sslmode=verify-full`. */
  readonly url: string;
}

/** The two ends of a role's login names. */
export const LOGIN_SUFFIXES = ['_a', '_b'] as const;

/** The configuration of a rotation function, as JSON in one variable: ids and addresses, never a secret. */
export const ROTATION_VARIABLE = 'ROTATION';

interface AnyRotation {
  /** The secret that is rotated; events about another one are refused. */
  readonly secretArn: string;
  /** Whether somebody replaces the tasks that hold the old value: then the next rotation waits until it is retired. */
  readonly isRolledOut: boolean;
  /** What the alarm on the value's age looks at: the value of the dimension `Secret`. */
  readonly metricName: string;
}

export interface RingRotation extends AnyRotation {
  readonly kind: 'ring';
  readonly format: RingFormat;
}

/** The secret is the password itself, as text. */
export interface RedisUserRotation extends AnyRotation {
  readonly kind: 'redis-user';
  readonly userId: string;
  readonly userName: string;
  readonly host: string;
  readonly port: number;
}

/** The secret is a `PostgresLogin`, as JSON. */
export interface PostgresUserRotation extends AnyRotation {
  readonly kind: 'postgres-user';
  /** The role that owns what the application makes; nobody logs in as it. */
  readonly role: string;
  /** The secret of who may make and change logins: JSON with `username` and `password`. */
  readonly adminSecretArn: string;
  readonly host: string;
  readonly port: number;
  readonly dbname: string;
  /** Where a container finds the authorities that vouch for the database, for the `url`. */
  readonly caPath: string;
  /** Authorities as PEM, for a database that is none of Amazon RDS. @default - those of Amazon RDS in this region */
  readonly ca?: string;
}

export type RotationConfiguration = RingRotation | RedisUserRotation | PostgresUserRotation;

/** Asks a rotation function to shut the old value out. */
export interface RetireRequest {
  readonly retire: {
    readonly secretArn: string;
    /** The version that was current when this was decided: a request that arrives late, or twice, is then none about a newer one. */
    readonly versionId?: string;
  };
}

/**
 * What came of it: `retired` – nothing but the current value is let in; `replaced` – a new current value leaves the old one out, and has to be
 * rolled out as well; `held` – somebody is still logged in with it; `nothing` – there was no old value.
 */
export type RetireAnswer = { readonly outcome: 'retired' | 'replaced' | 'held' | 'nothing' };

/** The configuration of a roll-out function, as JSON in one variable: a `WrittenRollout`. */
export const ROLLOUT_VARIABLE = 'ROLLOUT';

/** As it is written, where nothing stands twice: the variables of a function have 4 KB in all (Lambda guide, "Lambda quotas"). */
export interface WrittenRollout {
  /** What comes before the names, in the ARN of every secret. */
  readonly secretArns: string;
  /** The same for the functions. */
  readonly functionArns: string;
  readonly services: readonly RolledService[];
  readonly secrets: readonly WrittenSecret[];
}

export interface WrittenSecret {
  /** With the six characters that Secrets Manager puts behind it. */
  readonly name: string;
  /** The name of the function that retires its old value. */
  readonly rotation: string;
  /** Which of the services hold it, counted from 0. */
  readonly services: readonly number[];
}

/** As it is read. */
export interface RolloutConfiguration {
  readonly secrets: readonly RolledSecret[];
}

export interface RolledSecret {
  readonly secretArn: string;
  /** Who retires its old value. */
  readonly rotationFunctionArn: string;
  readonly services: readonly RolledService[];
}

export interface RolledService {
  readonly clusterArn: string;
  readonly serviceArn: string;
}

/** Where functions write the age of a value, in days, once a day, as embedded metrics in their log. */
export const SECRET_METRICS = { namespace: 'SecureCore/Secrets', ageDays: 'AgeDays', dimension: 'Secret' } as const;

/** A tag on a secret that rotates: its kind. By it the command line finds them in a stack. */
export const ROTATING_TAG = 'cdk-secure-core:rotates';

/** In which order several are rotated: what only its own holders know first, what many programs share last. */
export const ROTATION_KINDS = ['redis-user', 'postgres-user', 'ring'] as const satisfies readonly RotationConfiguration['kind'][];

/** CloudFormation metadata of a secret that is not rotated by itself: the reason, in a sentence. Rules and reviewers read it. */
export const ROTATION_EXEMPT_METADATA = 'cdk-secure-core:rotation-exempt';

/** CloudFormation metadata of a secret whose value only its issuer can renew: after how many days it is overdue. */
export const ROTATION_BY_ISSUER_METADATA = 'cdk-secure-core:rotated-by-issuer-days';

/** CloudFormation metadata that marks the one key by which a Core encrypts what it keeps: never rotated by replacement (M-19). */
export const MASTER_KEY_METADATA = 'cdk-secure-core:master-key';

/** CloudFormation metadata of a master key that is in one region alone: where else it is kept, in a sentence. */
export const BACKUP_ATTESTATION_METADATA = 'cdk-secure-core:backup-attestation';

/** CloudFormation metadata of a rotated secret whose holders are not started anew: how they get the new value, in a sentence. */
export const ROLLOUT_EXEMPT_METADATA = 'cdk-secure-core:rollout-exempt';

/** CloudFormation metadata of an event rule that watches reads of secrets: that management events are recorded by a trail of the organization. */
export const DECLARED_TRAIL_METADATA = 'cdk-secure-core:declared-trail';

/** Of the function that writes ages: a JSON list of `AgedSecret`. */
export const AGE_SECRETS_VARIABLE = 'SECRETS';

/** A secret whose age is written although no function of ours rotates it. */
export interface AgedSecret {
  readonly secretArn: string;
  /** The value of the dimension `Secret`. */
  readonly metricName: string;
}

/** The custom resource that makes a master key. */
export const MASTER_KEY_TYPE = 'Custom::SecureCoreMasterKey';

/** What it is told; its physical id is the ARN. */
export interface MasterKeyProperties {
  readonly SecretArn: string;
}
