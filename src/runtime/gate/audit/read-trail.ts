import { AUDIT_EVENT, AUDIT_MARK_EVENT, type AuditMark, type AuditRecord } from '../../../audit/contract';

/** What the lines of a gate tell. */
export interface GateTrail {
  readonly gate: string;
  /** In the order in which they stand. */
  readonly records: readonly AuditRecord[];
  /** Numbers between 1 and the last known one that no record has: records that found no room. */
  readonly missing: number;
  /** Whether each record has a higher number than the one before. */
  readonly isInOrder: boolean;
  /** Whether the last that was said is a final mark, and no request was under way by then. */
  readonly isEnded: boolean;
  /** Of the last mark: so many requests at most, and those that came after it, have no record where the gate was killed. */
  readonly openAtLastMark: number;
}

type Line = ({ readonly event: typeof AUDIT_EVENT } & AuditRecord) | ({ readonly event: typeof AUDIT_MARK_EVENT } & AuditMark);

/** Checks the lines of any number of gates, in the order in which each gate wrote its own; others, and one that was cut in its middle, are passed over. */
export function readTrail(lines: Iterable<string>): readonly GateTrail[] {
  const gates = new Map<string, Line[]>();
  for (const text of lines) {
    const line = lineOf(text);
    if (!line) continue;
    const known = gates.get(line.gate);
    if (known) known.push(line);
    else gates.set(line.gate, [line]);
  }
  return [...gates].map(([gate, its]) => trailOf(gate, its));
}

function trailOf(gate: string, lines: readonly Line[]): GateTrail {
  const records = lines.filter((line) => line.event === AUDIT_EVENT);
  const last = lines.at(-1);
  const mark = lines.findLast((line) => line.event === AUDIT_MARK_EVENT);
  const numbers = new Set(records.map(({ seq }) => seq));
  const highest = lines.reduce((highestSoFar, { seq }) => Math.max(highestSoFar, seq), 0);
  return {
    gate,
    records,
    missing: highest - numbers.size,
    isInOrder: records.every(({ seq }, index) => seq > (records[index - 1]?.seq ?? 0)),
    isEnded: last?.event === AUDIT_MARK_EVENT && last.final && last.open === 0,
    openAtLastMark: mark?.open ?? 0,
  };
}

function lineOf(text: string): Line | undefined {
  if (!text.startsWith('{"event":"audit')) return undefined;
  try {
    const line = JSON.parse(text) as Line | { readonly event: 'audit-lost' };
    return line.event === AUDIT_EVENT || line.event === AUDIT_MARK_EVENT ? line : undefined;
  } catch {
    return undefined;
  }
}
