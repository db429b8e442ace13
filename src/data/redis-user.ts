import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IConstruct } from 'constructs';
import type { CoreService } from '../core/core-service';
import { invalidProp } from '../invalid-prop';
import { containerSecret } from '../secrets/container-secret';
import type { Rotation } from '../secrets/rotation';
import type { IRotatedSecret, SecretRotation } from '../secrets/secret-rotation';
import type { ICoreStore } from './core-store';
import { letResolve } from './let-resolve';
import { isUnbounded } from './unbounded-commands';

/** What somebody may do in a Redis. */
export interface RedisUserProps {
  /**
   * What the user's keys begin with, before a colon: `gate` stands for `gate:…`. It sees no other keys, and no other user has it.
   */
  readonly keyPrefix: string;

  /** Names of commands, those included that scripts call, such as `get` or `config|get`. Nothing else is allowed. */
  readonly commands: string[];

  /**
   * How often the password is renewed. The old one is let in until nobody uses it any more.
   *
   * @default Rotation.every(Duration.days(30))
   */
  readonly rotation?: Rotation;
}

/** What a user has to know to log in. */
export interface RedisLogin {
  readonly access: ec2.IConnectable;
  readonly host: string;
  readonly port: number;
  readonly userName: string;
  readonly keyPrefix: string;
  readonly secret: ISecret;
  readonly rotation?: SecretRotation;
}

/**
 * Somebody who may log in to a Redis, with a password that is renewed while it is used (SEC-3, SEC-11).
 *
 * It is what a Core is given as its store: `stores: [redis.addUser('Core', { keyPrefix: 'core', commands: ['get', 'set'] })]`. The Core verifies the server by the
 * authorities of its own image: ElastiCache's are Amazon's, which every list has.
 */
export class RedisUser implements ICoreStore {
  /**
   * Of a Redis that somebody looks after.
   *
   * @internal
   */
  public static _of(login: RedisLogin): RedisUser {
    return new RedisUser(login);
  }

  /** What to log in as. */
  public readonly userName: string;

  /** What the user's keys begin with, before a colon. */
  public readonly keyPrefix: string;

  /** The password: the whole of the secret, as text. */
  public readonly secret: ISecret;

  /** What renews the password, with its alarms, and for a roll-out; nothing where nobody of ours does. */
  public readonly rotation?: IRotatedSecret;

  public readonly environment: { readonly [name: string]: string };
  public readonly secrets: { readonly [name: string]: ecs.Secret };

  /**
   * The password, as a container is given it.
   *
   * @internal
   */
  public readonly _password: ecs.Secret;

  /**
   * Whose user it is.
   *
   * @internal
   */
  public get _server(): ec2.IConnectable {
    return this.login.access;
  }

  private constructor(private readonly login: RedisLogin) {
    const { userName, keyPrefix, secret, rotation, host, port } = login;
    this.userName = userName;
    this.keyPrefix = keyPrefix;
    this.secret = secret;
    this.rotation = rotation;
    this._password = rotation?.container() ?? containerSecret(secret);
    this.environment = {
      REDIS_HOST: host,
      REDIS_PORT: String(port),
      REDIS_TLS: 'true',
      REDIS_USERNAME: userName,
      REDIS_KEY_PREFIX: `${keyPrefix}:`,
      // Everybody may read it, so it says neither who logs in nor how.
      REDIS_URL: `rediss://${host}:${port}`,
    };
    this.secrets = { REDIS_PASSWORD: this._password };
  }

  /**
   * Lets a Core connect, at the server's port alone.
   *
   * @param core of the same VPC
   */
  public grantUse(core: CoreService): void {
    this._connect(core);
  }

  /**
   * Lets what runs tasks connect, at the server's port alone.
   *
   * @internal
   * @param workload of the same VPC
   */
  public _connect(workload: Pick<CoreService, 'allowTo' | '_network'>): void {
    const { access, host, port } = this.login;
    workload.allowTo(access, ec2.Port.tcp(port));
    letResolve(workload._network, host);
  }
}

const PREFIX = /^[a-z][a-z0-9-]*$/;
/** Categories (`@all`), patterns and first arguments are more than somebody wants to name. */
const COMMAND = /^[a-z]+(\|[a-z-]+)?$/;

/** Refuses what a rule would read as more than the beginning of a key. */
export function checkKeyPrefix(scope: IConstruct, keyPrefix: string): void {
  if (!PREFIX.test(keyPrefix)) throw invalidProp(scope, 'keyPrefix', keyPrefix, 'Begin with a lower-case letter, and use lower-case letters, digits and hyphens only: anything else may be a pattern.');
}

/** The rules of a user, in the order and the words in which ElastiCache repeats them. */
export function accessString(scope: IConstruct, { keyPrefix, commands }: RedisUserProps): string {
  checkKeyPrefix(scope, keyPrefix);
  if (commands.length === 0) throw invalidProp(scope, 'commands', commands, 'Name the commands that the user needs.');
  const odd = commands.find((command) => !COMMAND.test(command));
  if (odd !== undefined) throw invalidProp(scope, 'commands', odd, 'Name single commands in lower case, such as get or script|load; a category allows more than anybody reads.');
  const unbounded = commands.find(isUnbounded);
  if (unbounded !== undefined) throw invalidProp(scope, 'commands', unbounded, 'Leave it out: no prefix of keys holds it back, so it would reach the keys of others, or the server.');
  return `on ~${keyPrefix}:* resetchannels -@all ${commands.map((command) => `+${command}`).join(' ')}`;
}
