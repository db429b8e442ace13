import { type CommandParser, defineScript } from '@redis/client';
import { LEASE_LUA } from './lease-lua';

/** The leases that one gate holds of one caller. */
export interface HeldLeases {
  readonly key: string;
  /** How many the caller may have with all gates together. */
  readonly places: number;
  readonly ids: readonly string[];
}

/**
 * Leases last again as long as new ones. What is not there any more is taken again where there is a place: a Redis that was away, or that a replica has
 * taken the place of, forgets; and what nobody counted is counted from then on.
 *
 * KEYS: the callers' leases. ARGV: how long a lease lasts; then of each caller how many places there are, how many ids, and these. Answers with a 1 for
 * each that is held, and a 0 for each that cannot be.
 */
export const RENEW_SCRIPT = `${LEASE_LUA}
local held, at = {}, 2
for _, key in ipairs(KEYS) do
  local places, ids = tonumber(ARGV[at]), tonumber(ARGV[at + 1])
  local taken = open(key)
  for index = at + 2, at + 1 + ids do
    local id = ARGV[index]
    local isThere = call('ZSCORE', key, id)
    local isHeld = isThere or taken < places
    if isHeld then hold(key, id) end
    if isHeld and not isThere then taken = taken + 1 end
    held[#held + 1] = isHeld and 1 or 0
  end
  expire(key)
  at = at + 2 + ids
end
return held
`;

/** As the command above. */
export const renewCommand = defineScript({
  SCRIPT: RENEW_SCRIPT,
  parseCommand(parser: CommandParser, leaseMicros: number, callers: readonly HeldLeases[]) {
    parser.pushKeysLength(callers.map(({ key }) => key));
    parser.push(String(leaseMicros), ...callers.flatMap(({ places, ids }) => [String(places), String(ids.length), ...ids]));
  },
  transformReply(reply: unknown): readonly boolean[] {
    if (!Array.isArray(reply) || !reply.every((figure) => typeof figure === 'number')) throw new TypeError('The script that renews leases answered with something else than numbers.');
    return reply.map((figure) => figure === 1);
  },
});
