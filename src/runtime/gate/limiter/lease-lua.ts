/**
 * What the scripts that know leases have in common: ARGV[1] is how long a lease lasts unrenewed, in microseconds.
 *
 * A caller's leases are one sorted set: who holds one, by the moment at which it lapses. The time is the server's, so gates need not agree on theirs. A
 * moment that lies further ahead than a lease can last was written before the clock jumped back, and is brought near: nobody is locked out for longer
 * than a lease lasts.
 */
export const LEASE_LUA = `
local call, ttl = redis.call, tonumber(ARGV[1])
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local function text(micros) return string.format('%.0f', micros) end
local function milliseconds(micros) return math.max(0, math.ceil(micros / 1000)) end
local lapse = text(now + ttl)

local function open(key)
  call('ZREMRANGEBYSCORE', key, '-inf', text(now))
  for _, id in ipairs(call('ZRANGEBYSCORE', key, '(' .. lapse, '+inf')) do call('ZADD', key, lapse, id) end
  return call('ZCARD', key)
end
local function hold(key, id)
  call('ZADD', key, lapse, id)
end
local function expire(key)
  redis.call('PEXPIRE', key, text(milliseconds(ttl) + 1))
end
`;
