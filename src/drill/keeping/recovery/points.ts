import { beginnings, DAY_MS } from './schedule';

/** What a store can be brought back to: as it was at a moment, until somebody or nobody has it any more. In milliseconds since 1970. */
export interface Point {
  readonly at: number;
  readonly until: number;
}

/** One way in which a store comes back: to any moment of the last days, or to some moments. */
export type WayBack =
  | { readonly name: string; readonly rewindDays: number }
  | { readonly name: string; readonly points: readonly Point[] };

const HOUR_MS = DAY_MS / 24;

/** A day on which nothing is: what is played begins here. Of a leap year, so that its end of February is played too. */
export const BEGIN = Date.UTC(2028, 0, 15);

/** Snapshots that a schedule takes in a time, each kept for so many days. */
export function snapshots(schedule: string, keptDays: number, from: number, until: number): Point[] {
  return beginnings(schedule, from, until).map((at) => ({ at, until: at + keptDays * DAY_MS }));
}

/** What may be lost, and when it is missed. In days. */
export interface Loss {
  /** For so long a loss happens at every hour. */
  readonly during: number;
  /** So much later somebody looks for a way back. */
  readonly missedAfter: number;
  /** So old the newest of what comes back may be. */
  readonly oldest: number;
}

/** The first hour at which what is lost does not come back; undefined where there is none. */
export function firstLost(ways: readonly WayBack[], { during, missedAfter, oldest }: Loss): number | undefined {
  const comesBack = (lost: number): boolean => {
    const missed = lost + missedAfter * DAY_MS;
    return ways.some((way) => ('rewindDays' in way
      ? way.rewindDays >= missedAfter
      : way.points.some(({ at, until }) => at <= lost && lost - at <= oldest * DAY_MS && until >= missed)));
  };
  for (let lost = BEGIN; lost < BEGIN + during * DAY_MS; lost += HOUR_MS) if (!comesBack(lost)) return lost;
  return undefined;
}
