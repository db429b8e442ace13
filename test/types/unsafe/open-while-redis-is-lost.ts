// expect: Property 'allow' does not exist on type 'typeof RedisLoss'
// control: RTL-6
import { RatePlan, RedisLoss } from '../../../src';

export const unsafe = RatePlan.perCaller({ onRedisLost: RedisLoss.allow() });
