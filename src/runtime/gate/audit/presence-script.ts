import { type CommandParser, defineScript } from '@redis/client';

/** What a gate says of itself. */
export interface Presence {
  readonly gate: string;
  /** Of its last record. */
  readonly seq: number;
  /** Requests of which no record has got out. */
  readonly open: number;
}

/** What is asked: that all may know of the gate, and whether others are gone. */
export interface PresenceReport extends Presence {
  /** Gates that were found gone, and have been reported. */
  readonly reported: readonly string[];
  /** Whether the gate ends, and is to be missed by nobody. */
  readonly isLeaving: boolean;
}

/** A gate that has said nothing for so long is gone; it speaks each second. */
export const SILENT_MS = 15_000;
/** Where the asking gate was silent itself for so long, Redis was away, or its clock has jumped: it judges nobody until it has spoken for `SILENT_MS` again. */
const INTERRUPTED_MS = 5000;
/** The last gate of all is found by the first of the next ones, for so long. */
const KEPT_MS = 7 * 24 * 3600 * 1000;

/**
 * Every gate's last word in one hash, and those who have been silent for too long.
 *
 * A field is a gate: `<last word> <speaking since> <seq> <open> <found by>`, in milliseconds of the server's clock. Whoever finds a gate gone gets it with every answer until he says that it was
 * reported, and nobody else does meanwhile; where he is gone himself, the next one gets it. So an answer that gets lost hides nothing.
 *
 * KEYS: the hash. ARGV: gate, seq, open, whether it leaves (1 or 0), the bounds above, then the gates that were reported.
 */
export const PRESENCE_SCRIPT = `
local key, me, silent, interrupted = KEYS[1], ARGV[1], tonumber(ARGV[5]), tonumber(ARGV[6])
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local function text(number) return string.format('%.0f', number) end
local gates, names = {}, {}
local fields = redis.call('HGETALL', key)
for index = 1, #fields, 2 do
  local last, since, seq, open, finder = string.match(fields[index + 1], '^(%d+) (%d+) (%d+) (%d+) (%S+)$')
  gates[fields[index]] = { last = tonumber(last or 0), since = tonumber(since or 0), seq = seq or '0', open = open or '0', finder = finder or '-' }
  names[#names + 1] = fields[index]
end
local function keep(name)
  local gate = gates[name]
  redis.call('HSET', key, name, table.concat({ text(gate.last), text(gate.since), gate.seq, gate.open, gate.finder }, ' '))
end
for index = 8, #ARGV do
  local gate = gates[ARGV[index]]
  if gate and gate.finder == me then
    redis.call('HDEL', key, ARGV[index])
    gates[ARGV[index]] = nil
  end
end
if ARGV[4] == '1' then
  redis.call('HDEL', key, me)
  return {}
end
local mine = gates[me]
local since = now
if mine and mine.last <= now and now - mine.last < interrupted then since = math.min(mine.since, now) end
gates[me] = { last = now, since = since, seq = ARGV[2], open = ARGV[3], finder = '-' }
keep(me)
redis.call('PEXPIRE', key, ARGV[7])
local gone = {}
for _, name in ipairs(names) do
  local gate = gates[name]
  if gate and name ~= me then
    if gate.last > now then
      gate.last = now
      keep(name)
    elseif now - gate.last >= silent and now - since >= silent then
      local finder = gates[gate.finder]
      if not finder or now - finder.last >= silent then
        gate.finder = me
        keep(name)
      end
      if gate.finder == me then
        gone[#gone + 1], gone[#gone + 2], gone[#gone + 3] = name, gate.seq, gate.open
      end
    end
  end
end
return gone
`;

/** The script as a command of the client: whom the gate finds gone. @param key `presenceKey(prefix)` */
export const presenceCommand = defineScript({
  SCRIPT: PRESENCE_SCRIPT,
  NUMBER_OF_KEYS: 1,
  parseCommand(parser: CommandParser, key: string, { gate, seq, open, isLeaving, reported }: PresenceReport) {
    parser.pushKey(key);
    parser.push(gate, String(seq), String(open), isLeaving ? '1' : '0', String(SILENT_MS), String(INTERRUPTED_MS), String(KEPT_MS), ...reported);
  },
  transformReply(reply: unknown): readonly Presence[] {
    if (!Array.isArray(reply) || reply.length % 3 !== 0) throw new TypeError('The script of presence answered with something else than gates.');
    const texts = reply.map(String);
    return texts.flatMap((gate, index) => (index % 3 === 0 ? [{ gate, seq: Number(texts[index + 1]), open: Number(texts[index + 2]) }] : []));
  },
});

/** The braces keep all of it in one slot of a cluster. */
export const presenceKey = (prefix: string): string => `${prefix}:{gates}`;
