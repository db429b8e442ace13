import { type CommandParser, defineScript } from '@redis/client';
import { LEASE_LUA } from './lease-lua';
import type { Budget } from './plans';

/** Requests of one caller that are alike, in the order in which they came. At least one of `budget` and `streams` is there. */
export interface Row {
  readonly requests: number;
  /** What each of them spends one of. */
  readonly budget?: { readonly key: string; readonly figures: Budget };
  /** What each of them takes one of: the first of them the first id. More ids than places are not needed. */
  readonly streams?: { readonly key: string; readonly places: number; readonly ids: readonly string[] };
}

export interface Verdict {
  /** How many of the requests may go on: the first that many. */
  readonly granted: number;
  /** How many more of the budget could go on now. */
  readonly remaining: number;
  /** Until the budget has one more than that; 0 where it is full. */
  readonly resetMs: number;
  /** Until a place is free at the latest; more than 0 where it is places that lack, and not the budget. */
  readonly placeMs: number;
}

/**
 * A token bucket, an exact sliding window and leases, for any number of callers, decided at once (C-31, RTL-2 to RTL-4). All that a request wants must
 * be there; what is refused spends nothing of any. Rows are decided one after the other.
 *
 * A budget is one list: first the moment at which its bucket will be full again, which is all there is to know of a bucket (the generic cell rate
 * algorithm), and the moment of the last grant; then the moments of what was granted, oldest first and never more than the cap. That makes the window
 * exact: there is room where the list is shorter than the cap, or where its oldest are older than the window.
 *
 * Moments that lie ahead were written before the clock jumped back: they are taken for now, so that a caller waits for one token and one window at most.
 * A bucket that would be full later than one that is empty now was spent by a larger plan, and is waited for: whoever has two plans, by two roles, would
 * otherwise fill the one by asking for the other.
 *
 * KEYS: of each row its budget, and its leases. ARGV: how long a lease lasts; how many budgets there are, and four figures of each; then of each row which
 * budget it is (0: none), how many places there are (0: none wanted), how many requests, how many ids, and these.
 */
export const DECIDE_SCRIPT = `${LEASE_LUA}
local HEAD, CHUNK = 2, 1000
local floor, most, least = math.floor, math.max, math.min
local nowText = text(now)

local function append(key, moments)
  for first = 1, #moments, CHUNK do call('RPUSH', key, unpack(moments, first, least(first + CHUNK - 1, #moments))) end
end

local function turnBack(key, budget)
  local moments = call('LRANGE', key, 0, -1)
  moments[1] = text(least(tonumber(moments[1]), now + budget.depth))
  for index = HEAD, #moments do
    if tonumber(moments[index]) > now then moments[index] = nowText end
  end
  call('LPOP', key, #moments)
  append(key, moments)
  redis.call('PEXPIRE', key, budget.ttl)
end

local function countOld(known, old, before)
  local moment = known[HEAD + old + 1]
  while moment and tonumber(moment) <= before do
    old = old + 1
    moment = known[HEAD + old + 1]
  end
  return old
end

local function look(key, budget, wanted)
  local last = HEAD + least(wanted, budget.burst)
  local known = call('LRANGE', key, 0, last)
  if not known[1] then return true, now, budget.burst, 0, budget.cap end
  if tonumber(known[HEAD]) > now then
    turnBack(key, budget)
    known = call('LRANGE', key, 0, last)
  end
  local full = most(tonumber(known[1]), now)
  local tokens = floor((now + budget.depth - full) / budget.token)
  local length = (known[last + 1] and call('LLEN', key) or #known) - HEAD
  local before = now - budget.window
  local old = countOld(known, 0, before)
  if old < length and not known[HEAD + old + 1] and budget.cap - length + old <= tokens then
    known = call('LRANGE', key, 0, HEAD + budget.burst + most(0, length - budget.cap))
    old = countOld(known, old, before)
  end
  return false, full, tokens, old, budget.cap - length + old, known[HEAD + old + 1]
end

local function spend(key, budget, isNew, old, granted, full)
  if not isNew then call('LPOP', key, HEAD + old) end
  call('LPUSH', key, nowText, text(full))
  if granted == 1 then
    call('RPUSH', key, nowText)
  else
    local moments = {}
    for index = 1, granted do moments[index] = nowText end
    append(key, moments)
  end
  redis.call('PEXPIRE', key, budget.ttl)
end

local function reset(budget, full, remaining, room, oldest)
  if remaining >= budget.burst then return 0 end
  local wait = full + (remaining + 1 - budget.burst) * budget.token - now
  if room <= remaining then wait = most(wait, tonumber(oldest or now) + budget.window - now) end
  return most(1, milliseconds(wait))
end

local budgets, at = {}, 3
for index = 1, tonumber(ARGV[2]) do
  local token, burst, window = tonumber(ARGV[at]), tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2])
  local depth = burst * token
  budgets[index] = { token = token, burst = burst, depth = depth, window = window, cap = tonumber(ARGV[at + 3]), ttl = text(milliseconds(most(window, depth)) + 1) }
  at = at + 4
end

local verdicts, figures, key = {}, 0, 0
while ARGV[at] do
  local budget, places, wanted, ids = budgets[tonumber(ARGV[at])], tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3])
  local granted, remaining, resetIn, place = wanted, 0, 0, 0
  local budgetKey, isNew, full, tokens, old, room, oldest
  if budget then
    key = key + 1
    budgetKey = KEYS[key]
    isNew, full, tokens, old, room, oldest = look(budgetKey, budget, wanted)
    granted = most(0, least(granted, tokens, room))
  end
  if places > 0 then
    key = key + 1
    local streamsKey = KEYS[key]
    local free = most(0, least(places - open(streamsKey), ids))
    if free < granted then
      granted = free
      local first = call('ZRANGE', streamsKey, 0, 0, 'WITHSCORES')
      place = most(1, milliseconds(tonumber(first[2] or now + ttl) - now))
    end
    for index = 1, granted do hold(streamsKey, ARGV[at + 3 + index]) end
    if granted > 0 then expire(streamsKey) end
  end
  if budget then
    if granted > 0 then
      full = full + granted * budget.token
      spend(budgetKey, budget, isNew, old, granted, full)
    end
    room = room - granted
    remaining = most(0, least(tokens - granted, room))
    resetIn = reset(budget, full, remaining, room, oldest)
  end
  at = at + 4 + ids
  verdicts[figures + 1], verdicts[figures + 2], verdicts[figures + 3], verdicts[figures + 4] = granted, remaining, resetIn, place
  figures = figures + 4
end
return verdicts
`;

const FIGURES = 4;

/** The script as a command of the client, which sends its digest and, to a server that does not know it, the whole. */
export const decideCommand = defineScript({
  SCRIPT: DECIDE_SCRIPT,
  parseCommand(parser: CommandParser, leaseMicros: number, rows: readonly Row[]) {
    const budgets = new Map<Budget | undefined, number>([[undefined, 0]]);
    for (const { budget } of rows) if (!budgets.has(budget?.figures)) budgets.set(budget?.figures, budgets.size);
    const figures = [...budgets.keys()].flatMap((budget) => (budget ? [budget.tokenMicros, budget.burst, budget.windowMicros, budget.cap] : []));
    parser.pushKeysLength(rows.flatMap(({ budget, streams }) => [budget?.key ?? [], streams?.key ?? []].flat()));
    parser.push(...[leaseMicros, budgets.size - 1, ...figures].map(String));
    for (const { budget, streams, requests } of rows) {
      const ids = streams?.ids ?? [];
      parser.push(...[budgets.get(budget?.figures) ?? 0, streams?.places ?? 0, requests, ids.length].map(String), ...ids);
    }
  },
  transformReply(reply: unknown): readonly Verdict[] {
    if (!Array.isArray(reply) || !reply.every((figure) => typeof figure === 'number')) throw new TypeError('The limiter\'s script answered with something else than numbers.');
    return Array.from({ length: reply.length / FIGURES }, (_, row) => {
      const [granted = 0, remaining = 0, resetMs = 0, placeMs = 0] = reply.slice(row * FIGURES, (row + 1) * FIGURES);
      return { granted, remaining, resetMs, placeMs };
    });
  },
});
