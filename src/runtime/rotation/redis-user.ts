import type { RedisUserRotation } from '../../secrets/contract';
import { backoffMs } from '../shared/backoff';
import type { Wait } from '../shared/wait';
import { type Log, type Retirement, RotationError, type SecretStrategy } from './ports';
import { newRedisPassword } from './redis-passwords';
import type { RedisLogin, RedisUsers, RedisUserState } from './redis-users';

export interface RedisUserParts {
  readonly users: RedisUsers;
  readonly login: RedisLogin;
  readonly wait: Wait;
  readonly log: Log;
}

/**
 * For a user to be `active`: 165 s. AWS gives no figure for how long `modifying` lasts. Retiring waits three times at most, and for PROPAGATED and its
 * logins: eleven minutes of the fourteen that the function has.
 */
const ACTIVE = { maxAttempts: 16, backoffSeconds: 0.5, maxBackoffSeconds: 15 };

/** For a change to reach the node that we meet, after the user is `active` again: 75 s. That it may lag at all is an assumption to be safe with, not AWS's word. */
const PROPAGATED = { maxAttempts: 10, backoffSeconds: 0.5, maxBackoffSeconds: 15 };

/**
 * The password of a user of ElastiCache, which takes two at a time: the new one is let in beside the current one, and the old one goes when it is retired.
 *
 * ElastiCache only replaces both, and tells neither. So before anything is replaced the current password has to log in: if it does not, somebody
 * has changed the user by hand, and a rotation, which cannot know what they set, would shut out those who use it. It refuses, with an alarm;
 * whoever did it puts the password into the secret, or the secret's into the user. A second password that somebody added by hand goes with the next rotation.
 *
 * Connections that are open stay so: Redis looks at a password when somebody logs in.
 */
export function redisUserStrategy(configuration: Pick<RedisUserRotation, 'userId' | 'userName'>, parts: RedisUserParts): SecretStrategy {
  const user = new RotatedUser(configuration.userId, parts);
  return {
    create: () => Promise.resolve(newRedisPassword()),
    set: async ({ current, pending }) => {
      const { passwords } = await user.active();
      await user.prove(current);
      // A step that ran out of time is run again, and would run out of it for ever if it began anew. Asked only where it may be so, since whoever is refused is counted.
      if (passwords > 1 && await parts.login(pending)) return;
      await user.replace([pending, current]);
    },
    test: async (pending) => {
      if (!await user.becomes(pending, true)) throw new RotationError('NEW_NOT_LET_IN', `Redis does not let the user ${configuration.userName} in with the new password; the current one stays.`);
    },
    retire: async ({ current, previous }): Promise<Retirement> => {
      const { passwords } = await user.active();
      // A deployment that changes the user meanwhile may set it back to the old password alone (a rollback does, too): that the secret still knows, and undoing it shuts out nobody.
      const isSetBack = passwords === 1 && !await parts.login(current) && await parts.login(previous);
      if (!isSetBack) await user.prove(current);
      if (isSetBack || passwords > 1) await user.replace([current]);
      if (!await user.becomes(previous, false)) throw new RotationError('OLD_LET_IN', `Redis still lets the user ${configuration.userName} in with the old password.`);
      return { outcome: 'retired' };
    },
    ensure: () => Promise.resolve(undefined),
  };
}

class RotatedUser {
  public constructor(private readonly userId: string, private readonly parts: RedisUserParts) {}

  /** Waits until the user can be changed. */
  public async active(): Promise<RedisUserState> {
    for (let attempt = 1; attempt <= ACTIVE.maxAttempts; attempt++) {
      await this.parts.wait(backoffMs(ACTIVE, attempt));
      const state = await this.usable();
      if (state.status === 'active') return state;
    }
    throw this.notActive();
  }

  /** That the current password is what somebody can log in with. */
  public async prove(current: string): Promise<void> {
    if (await this.parts.login(current)) return;
    const said = `Redis does not let the user ${this.userId} in with the current password of its secret: somebody has changed it by hand.`;
    throw new RotationError('CURRENT_NOT_LET_IN', `${said} Nothing was changed; put the password that is in use into the secret.`);
  }

  /** Returns when nothing is being changed any more. */
  public async replace(passwords: readonly string[]): Promise<void> {
    for (let attempt = 1; attempt <= ACTIVE.maxAttempts; attempt++) {
      await this.parts.wait(backoffMs(ACTIVE, attempt));
      if (await this.parts.users.setPasswords(this.userId, passwords) === 'accepted') {
        this.parts.log({ event: 'redis-user-changed', userId: this.userId, passwords: passwords.length });
        await this.active();
        return;
      }
      await this.usable();
    }
    throw this.notActive();
  }

  /** Whether a password is let in, or is not any more, before it takes too long. */
  public async becomes(password: string, isLetIn: boolean): Promise<boolean> {
    for (let attempt = 1; attempt <= PROPAGATED.maxAttempts; attempt++) {
      await this.parts.wait(backoffMs(PROPAGATED, attempt));
      if (await this.parts.login(password) === isLetIn) return true;
    }
    return false;
  }

  private async usable(): Promise<RedisUserState> {
    const state = await this.parts.users.find(this.userId);
    if (state === undefined || state.status === 'deleting') throw new RotationError('NO_USER', `There is no user ${this.userId} in ElastiCache any more: deploy the stack again.`);
    if (state.authentication !== 'password') throw new RotationError('NO_PASSWORD', `The user ${this.userId} does not log in with a password but with "${state.authentication}": change it back.`);
    if (state.groups === 0) throw new RotationError('NO_GROUP', `The user ${this.userId} is in no user group, and can log in nowhere: put it back into its group.`);
    return state;
  }

  private notActive(): RotationError {
    return new RotationError('NOT_ACTIVE', `The user ${this.userId} has not become active in time: somebody keeps changing it, or ElastiCache is slow. The step is tried again later.`);
  }
}
