import { GATE_REDIS_COMMANDS } from '../../../../src/gate/redis-commands';
import { PRESENCE_SCRIPT } from '../../../../src/runtime/gate/audit/presence-script';
import { DECIDE_SCRIPT } from '../../../../src/runtime/gate/limiter/decide-script';
import { RENEW_SCRIPT } from '../../../../src/runtime/gate/limiter/renew-script';

/** What the client sends itself: scripts, what ends a lease, and a cluster's questions. */
const OF_THE_CLIENT = ['eval', 'evalsha', 'zrem', 'cluster|slots', 'asking'];

test('the gate\'s user may do what its scripts and its client do, and nothing else', () => {
  const called = [DECIDE_SCRIPT, RENEW_SCRIPT, PRESENCE_SCRIPT].flatMap((script) => [...script.matchAll(/\bcall\('([A-Z]+)'/g)].map(([, name = '']) => name.toLowerCase()));
  expect([...GATE_REDIS_COMMANDS].sort()).toEqual([...new Set([...called, ...OF_THE_CLIENT])].sort());
});
