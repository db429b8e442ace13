import { type CommandParser, defineScript } from '@redis/client';

/** Limits in the script's own units, all of them whole numbers: nothing is lost in rounding. */
export interface Budget {
  /** In which the bucket gets one token. */
  readonly tokenMicros: number;
  /** What the bucket holds. */
  readonly burst: number;
  readonly windowMicros: number;
  /** Requests in any window. */
  readonly cap: number;
}

/** How many requests of whom are to be decided. */
export interface Demand {
  readonly key: string;
  readonly requests: number;
}

export interface Verdict {
  /** How many of the requests may go on: the first that many. */
  readonly granted: number;
  /** Until one more would be; 0 where all may go on. */
  readonly retryAfterMs: number;
}

/**
 * A token bucket and a sliding window for any number of subjects, decided at once (C-31). Both must have room; what is refused spends nothing.
 *
 * A subject is one list: first the moment at which its bucket will be full again, which is all there is to know of a bucket (the generic cell
 * rate algorithm), then the moments of what was granted, oldest first and never more than the cap. That makes the window exact: there is room
 * where the list is shorter than the cap, or where its oldest are older than the window. The time is the server's, so gates need not agree on theirs.
 *
 * KEYS: a subject each, so that they can be divided among servers. ARGV: the budget, then how many requests each subject has.
 */
export const SCRIPT = `
local token, burst, window, cap = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local function text(micros) return string.format('%.0f', micros) end
local ttl = text(math.ceil(math.max(window, burst * token) / 1000) + 1)
local verdicts = {}
for subject, key in ipairs(KEYS) do
  local wanted = tonumber(ARGV[4 + subject])
  local most = math.min(wanted, burst, cap)
  local known = redis.call('LRANGE', key, 0, most + 1)
  local full = math.max(tonumber(known[1] or '0'), now)
  local tokens = math.floor((now + burst * token - full) / token)
  local old = 0
  while known[old + 2] and tonumber(known[old + 2]) <= now - window do old = old + 1 end
  local room = cap - math.max(redis.call('LLEN', key) - 1, 0) + old
  local granted = math.max(0, math.min(most, tokens, room))
  local wait = 0
  if granted < wanted then
    wait = full + (granted + 1 - burst) * token - now
    if room <= granted then wait = math.max(wait, tonumber(known[old + 2] or now) + window - now) end
    wait = math.max(1, math.ceil(wait / 1000))
  end
  if granted > 0 then
    if known[1] then redis.call('LPOP', key, 1 + old) end
    redis.call('LPUSH', key, text(full + granted * token))
    for _ = 1, granted do redis.call('RPUSH', key, text(now)) end
    redis.call('PEXPIRE', key, ttl)
  end
  verdicts[2 * subject - 1], verdicts[2 * subject] = granted, wait
end
return verdicts
`;

/** The script as a command of the client, which sends its digest and, to a server that does not know it, the whole. */
export const decideCommand = defineScript({
  SCRIPT,
  parseCommand(parser: CommandParser, { tokenMicros, burst, windowMicros, cap }: Budget, demands: readonly Demand[]) {
    parser.pushKeysLength(demands.map(({ key }) => key));
    parser.push(...[tokenMicros, burst, windowMicros, cap, ...demands.map(({ requests }) => requests)].map(String));
  },
  transformReply(reply: unknown): readonly Verdict[] {
    if (!Array.isArray(reply) || !reply.every((figure) => typeof figure === 'number')) throw new TypeError('The limiter\'s script answered with something else than numbers.');
    return reply.flatMap((granted, index) => (index % 2 === 0 ? [{ granted, retryAfterMs: reply[index + 1] ?? 0 }] : []));
  },
});
