import { randomBytes } from 'node:crypto';
import { REDIS_PASSWORD_VARIABLE } from '../../gate/contract';
import type { RunningRedis } from '../services/redis';
import { configurationOf, type GateModel } from './model';

/** More than any of them has to have (32): callers are hashed by one, and tokens are signed with another. */
const BYTES = 48;

/** What Secrets Manager would fill in, for all tasks of a gate: made for this run, and kept nowhere. A variable that the gate does not know it refuses by itself. */
export function secretsOf(gate: GateModel, store?: Pick<RunningRedis, 'users'>): Record<string, string> {
  const user = configurationOf(gate).rate?.redis.user;
  const password = store?.users.find(({ userName }) => userName === user)?.password;
  return Object.fromEntries(gate.secrets.map(({ variable }) => (
    [variable, variable === REDIS_PASSWORD_VARIABLE && password !== undefined ? password : randomBytes(BYTES).toString('base64url')]
  )));
}
