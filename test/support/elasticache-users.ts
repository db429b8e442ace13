import { type ElastiCacheUsers, startElastiCacheUsers as start } from '../../src/drill/services/elasticache-users';
import { asUser, type RedisStage } from './redis';

export type { ElastiCacheUsers, HeldUser } from '../../src/drill/services/elasticache-users';

/** Over the users of a stage's Redis. */
export function startElastiCacheUsers(stage: RedisStage, held: Parameters<typeof start>[1]): Promise<ElastiCacheUsers> {
  return start((userName, passwords) => asUser(stage, stage.inspector, (ask) => ask('ACL', 'SETUSER', userName, 'resetpass', ...passwords.map((password) => `>${password}`))), held);
}
