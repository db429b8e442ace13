import type { JsonMap } from '../../checks/template/template';
import { figure, mapOf, mapsIn, text } from '../json';

/** What keeps an object, and for how long. */
export interface Keeping {
  readonly rules: readonly KeepingRule[];
  readonly isVersioned: boolean;
  /** Of Object Lock; 0 without. */
  readonly lockDays: number;
  /** Smaller objects are not moved by default (S3 guide, "Transitioning objects using Amazon S3 Lifecycle"). */
  readonly floorVaries: boolean;
}

export interface KeepingRule {
  readonly prefix: string;
  readonly largerThan?: number;
  readonly smallerThan?: number;
  readonly transitions: readonly { readonly storageClass: string; readonly days: number }[];
  readonly expirationDays?: number;
  readonly noncurrentDays?: number;
}

/** Where an object is on a day. */
export type Whereabouts =
  | { readonly state: 'current'; readonly storageClass: string }
  /** A delete marker hides it, and whoever names its version reads it. */
  | { readonly state: 'hidden'; readonly storageClass: string }
  | { readonly state: 'gone' };

const FLOOR_BYTES = 128 * 1024;
const DAY_PER_YEAR = 365;
/** Takes objects of any size where the floor varies by class. */
const WITHOUT_FLOOR: ReadonlySet<string> = new Set(['GLACIER', 'DEEP_ARCHIVE']);
/** S3 refuses a rule that moves an object there sooner. */
const EARLIEST: Readonly<Record<string, number>> = { STANDARD_IA: 30, ONEZONE_IA: 30 };

/** Reads an AWS::S3::Bucket. Rules for objects with tags, and those that are off, mean nothing here. */
export function keepingOf(bucket: JsonMap): Keeping {
  const lifecycle = mapOf(bucket.LifecycleConfiguration);
  const lock = mapOf(mapOf(mapOf(bucket.ObjectLockConfiguration).Rule).DefaultRetention);
  return {
    rules: mapsIn(lifecycle.Rules).filter((rule) => rule.Status === 'Enabled' && rule.TagFilters === undefined).map(ruleOf),
    isVersioned: mapOf(bucket.VersioningConfiguration).Status === 'Enabled',
    lockDays: figure(lock.Days) ?? (figure(lock.Years) ?? 0) * DAY_PER_YEAR,
    floorVaries: lifecycle.TransitionDefaultMinimumObjectSize === 'varies_by_storage_class',
  };
}

function ruleOf(rule: JsonMap): KeepingRule {
  const single = mapOf(rule.Transition);
  const transitions = [...mapsIn(rule.Transitions), ...(Object.keys(single).length > 0 ? [single] : [])];
  return {
    prefix: text(rule.Prefix),
    largerThan: figure(rule.ObjectSizeGreaterThan),
    smallerThan: figure(rule.ObjectSizeLessThan),
    transitions: transitions.map(({ StorageClass: storageClass, TransitionInDays: days }) => ({ storageClass: String(storageClass), days: figure(days) ?? 0 })),
    expirationDays: figure(rule.ExpirationInDays),
    noncurrentDays: figure(mapOf(rule.NoncurrentVersionExpiration).NoncurrentDays) ?? figure(rule.NoncurrentVersionExpirationInDays),
  };
}

/** Why S3 would refuse the rules; undefined where it takes them. */
export function refusalOf({ rules }: Keeping): string | undefined {
  for (const { transitions } of rules) {
    const early = transitions.find(({ storageClass, days }) => days < (EARLIEST[storageClass] ?? 0));
    if (early) return `S3 moves nothing to ${early.storageClass} before day ${EARLIEST[early.storageClass]}, and the rule says ${early.days}`;
  }
  return undefined;
}

/**
 * Where an object is so many days after it was put. What a rule says of a day is done by the beginning of the next one, since S3 rounds up to midnight (S3 guide,
 * "Lifecycle configuration elements"); what is locked is not deleted before the lock ends.
 */
export function whereabouts(keeping: Keeping, { key, bytes }: { readonly key: string; readonly bytes: number }, day: number): Whereabouts {
  const meant = keeping.rules.filter(({ prefix, largerThan, smallerThan }) => key.startsWith(prefix) && bytes > (largerThan ?? -1) && bytes < (smallerThan ?? Infinity));
  const expiration = first(meant.map(({ expirationDays }) => expirationDays));
  const storageClass = classOn(keeping, meant, bytes, Math.min(day, expiration ?? day));
  if (expiration === undefined || day <= expiration) return { state: 'current', storageClass };
  if (!keeping.isVersioned) return { state: 'gone' };
  const noncurrent = first(meant.map(({ noncurrentDays }) => noncurrentDays));
  const goneOn = noncurrent === undefined ? Infinity : Math.max(expiration + 1 + noncurrent, keeping.lockDays);
  return day >= goneOn ? { state: 'gone' } : { state: 'hidden', storageClass };
}

function classOn({ floorVaries }: Keeping, rules: readonly KeepingRule[], bytes: number, day: number): string {
  const due = rules.flatMap(({ transitions, largerThan, smallerThan }) => transitions
    // A rule that names sizes of its own knows no floor.
    .filter(({ storageClass }) => largerThan !== undefined || smallerThan !== undefined || bytes >= FLOOR_BYTES || (floorVaries && WITHOUT_FLOOR.has(storageClass)))
    .filter(({ days }) => day > days));
  return due.sort((one, other) => one.days - other.days).at(-1)?.storageClass ?? 'STANDARD';
}

/** What happens soonest happens. */
function first(days: readonly (number | undefined)[]): number | undefined {
  const known = days.filter((one) => one !== undefined);
  return known.length > 0 ? Math.min(...known) : undefined;
}
