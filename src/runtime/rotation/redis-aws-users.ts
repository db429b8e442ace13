import { DescribeUsersCommand, type ElastiCacheClient, InvalidUserStateFault, ModifyUserCommand, UserNotFoundFault } from '@aws-sdk/client-elasticache';
import { RotationError } from './ports';
import type { RedisUsers, RedisUserState } from './redis-users';

/** The users of Amazon ElastiCache in this account and region. */
export class AwsRedisUsers implements RedisUsers {
  public constructor(private readonly client: ElastiCacheClient) {}

  public async find(userId: string): Promise<RedisUserState | undefined> {
    try {
      const { Users: [user] = [] } = await this.client.send(new DescribeUsersCommand({ UserId: userId }));
      return user && {
        status: user.Status ?? '',
        authentication: user.Authentication?.Type ?? '',
        passwords: user.Authentication?.PasswordCount ?? 0,
        groups: user.UserGroupIds?.length ?? 0,
      };
    } catch (error) {
      if (error instanceof UserNotFoundFault) return undefined;
      throw refused('describe', userId, error);
    }
  }

  public async setPasswords(userId: string, passwords: readonly string[]): Promise<'accepted' | 'busy'> {
    try {
      await this.client.send(new ModifyUserCommand({ UserId: userId, AuthenticationMode: { Type: 'password', Passwords: [...passwords] } }));
      return 'accepted';
    } catch (error) {
      if (error instanceof InvalidUserStateFault || error instanceof UserNotFoundFault) return 'busy';
      throw refused('change', userId, error);
    }
  }
}

/** Without the words of the original, which may repeat what was sent, and without the original itself, which somebody might write to a log. */
function refused(what: string, userId: string, error: unknown): RotationError {
  return new RotationError('ELASTICACHE_FAILED', `ElastiCache did not ${what} the user ${userId}: ${error instanceof Error ? error.name : 'unknown'}.`);
}
