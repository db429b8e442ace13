import type { Duration } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { invalidProp } from '../invalid-prop';
import { isWhole } from '../whole-number';
import { FLOOD } from './contract';

/** From where on something is an alarm. All defaults are our figures, for a Core of some ten to some thousand requests a minute: a week of the dashboard tells yours. */
export interface AlarmThresholds {
  /**
   * Requests in a minute whose callers could not prove who they are, of all callers together: a whole number from 1 to 5000.
   *
   * @default 100
   */
  readonly authFailures?: number;

  /**
   * Percent of the requests of a minute whose callers could not prove who they are: 1 to 100.
   *
   * @default 20
   */
  readonly authFailurePercent?: number;

  /**
   * Refusals in five minutes of one caller who is proven, such as of somebody who tries what a stolen key opens: a whole number from 1 to 5000.
   *
   * @default 50
   */
  readonly refusalsOfOneCaller?: number;

  /**
   * Requests in a minute that the web ACL blocks, those of a lock-down not counted: a whole number from 1 to 5000.
   *
   * @default 100
   */
  readonly webAclBlocks?: number;

  /**
   * Requests in a minute that were answered 429, of all callers together: a whole number from 1 to 5000.
   *
   * @default 100
   */
  readonly limitHits?: number;

  /**
   * Percent of the requests of a minute that were answered with a client's error (4xx): 1 to 100.
   *
   * @default 20
   */
  readonly clientErrorPercent?: number;

  /**
   * Percent of the requests of a minute that were answered with a server's error (5xx): 1 to 100.
   *
   * @default 5
   */
  readonly serverErrorPercent?: number;

  /**
   * Requests that a minute has to have before a percentage of them says anything: a whole number from 1.
   *
   * @default 20
   */
  readonly leastRequests?: number;

  /**
   * How old issuers' signing keys may be: whole seconds, 1 minute to 1 hour, after which gates refuse what they signed.
   *
   * @default Duration.minutes(30) - which leaves half an hour
   */
  readonly keySetAge?: Duration;

  /**
   * How long before it expires a certificate should have been renewed: whole days, from 7, in which somebody can still do it, to 60, when AWS Certificate Manager begins to try.
   *
   * @default Duration.days(30)
   */
  readonly certificateExpiry?: Duration;

  /**
   * Percent of its connections that streams may hold of a gate, of its memory that a Redis may have in use, and of its connections that a PostgreSQL may: 1 to 100.
   *
   * @default 80
   */
  readonly fullPercent?: number;

  /**
   * Percent of its processor that a store may use for a quarter of an hour: 1 to 100.
   *
   * @default 90
   */
  readonly busyPercent?: number;

  /**
   * Percent of the disk that a PostgreSQL begins with which have to stay free: 1 to 50. Amazon RDS makes it larger when a tenth is left.
   *
   * @default 5
   */
  readonly freeStoragePercent?: number;
}

/** All of them; durations in the unit that the metric has. */
export interface Figures extends Required<Omit<AlarmThresholds, 'keySetAge' | 'certificateExpiry'>> {
  /** Seconds. */
  readonly keySetAge: number;
  /** Days. */
  readonly certificateExpiry: number;
}

export const DEFAULT_FIGURES: Figures = {
  authFailures: 100,
  authFailurePercent: 20,
  refusalsOfOneCaller: 50,
  webAclBlocks: 100,
  limitHits: 100,
  clientErrorPercent: 20,
  serverErrorPercent: 5,
  leastRequests: 20,
  keySetAge: 1800,
  certificateExpiry: 30,
  fullPercent: 80,
  busyPercent: 90,
  freeStoragePercent: 5,
};

type Bounds = Readonly<Record<keyof Figures, { readonly least: number; readonly most: number; readonly unit: string }>>;

const COUNT = { least: 1, most: FLOOD, unit: 'a whole number' };
const PERCENT = { least: 1, most: 100, unit: 'whole percent' };

const BOUNDS: Bounds = {
  authFailures: COUNT,
  authFailurePercent: PERCENT,
  refusalsOfOneCaller: COUNT,
  webAclBlocks: COUNT,
  limitHits: COUNT,
  clientErrorPercent: PERCENT,
  serverErrorPercent: PERCENT,
  leastRequests: { ...COUNT, most: 1_000_000 },
  keySetAge: { least: 60, most: 3600, unit: 'whole seconds' },
  certificateExpiry: { least: 7, most: 60, unit: 'whole days' },
  fullPercent: PERCENT,
  busyPercent: PERCENT,
  freeStoragePercent: { ...PERCENT, most: 50 },
};

/** With the defaults for what is left out, and refused where a figure would make an alarm that never sounds, or always. */
export function figuresOf(scope: IConstruct, prop: string, { keySetAge, certificateExpiry, ...plain }: AlarmThresholds = {}): Figures {
  const given: Partial<Figures> = {
    ...plain,
    ...(keySetAge && { keySetAge: inUnits(keySetAge, (age) => age.toSeconds({ integral: false })) }),
    ...(certificateExpiry && { certificateExpiry: inUnits(certificateExpiry, (time) => time.toDays({ integral: false })) }),
  };
  const stated = Object.entries(given).filter(([, value]) => (value as number | undefined) !== undefined);
  const figures: Figures = { ...DEFAULT_FIGURES, ...Object.fromEntries(stated) as Partial<Figures> };
  for (const name of Object.keys(BOUNDS) as (keyof Figures)[]) {
    const { least, most, unit } = BOUNDS[name];
    if (!isWhole(figures[name], least, most)) throw invalidProp(scope, `${prop}.${name}`, figures[name], `Name ${unit} from ${least} to ${most}.`);
  }
  return figures;
}

function inUnits(duration: Duration, unit: (known: Duration) => number): number {
  return duration.isUnresolved() ? Number.NaN : unit(duration);
}
