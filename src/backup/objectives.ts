import { type Duration, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { invalidProp } from '../invalid-prop';
import { isWhole } from '../whole-number';
import type { CopyTarget } from './backup-copy';
import type { BackedUp } from './backup-source';
import type { BackupsProps } from './backups-props';
import { LONGEST_REWIND_DAYS, SHORTEST_COOLING_OFF_DAYS } from './contract';

/** What a plan is made of, once it is known to keep what was promised. In hours and days. */
export interface Schedule {
  /** From one snapshot to the next. */
  readonly everyHours: number;
  /** How old the newest usable snapshot can become. */
  readonly oldestHours: number;
  readonly completeHours: number;
  readonly retentionDays: number;
  readonly coldAfterDays?: number;
  readonly testWindowDays: number;
  readonly coolingOffDays: number;
}

/** AWS Backup starts a job within this time, and takes no shorter one (API CreateBackupPlan, StartWindowMinutes). */
export const START_WINDOW_HOURS = 1;

/** What divides a day, so that each day has the same hours. Snapshots are taken every hour at most (AWS Backup guide, "Continuous backups"). */
const STEPS = [24, 12, 8, 6, 4, 3, 2, 1];

/** Our figures, from the start of a job on: the usual one is enough for the first, whole snapshot of some 100 GiB; the least is longer than the time to start in. */
const COMPLETION = { least: 2, usual: 4, most: 7 * 24 } as const;

/** Whoever restores finds out first what happened: our figure. What a restore itself takes, the restore tests tell. */
const SHORTEST_RTO_HOURS = 1;

/** AWS Backup names no time for tables; the longest that it names is for archived volumes of Amazon EBS, so that one is taken (EBS guide, "Restore an archived snapshot"). */
const COLD_RESTORE_HOURS = 72;

/** AWS Backup API, Lifecycle: what is in cold storage stays there for 90 days at least. */
const SHORTEST_COLD_DAYS = 90;

/** The longest that AWS Backup keeps a snapshot (AWS Backup guide, "Continuous backups"): 100 years. */
const LONGEST_RETENTION_DAYS = 36_500;

/** AWS Backup API, RestoreTestingRecoveryPointSelection. */
const LONGEST_TEST_WINDOW_DAYS = 365;

const HOURS_A_DAY = 24;

type Objectives = Pick<BackupsProps, 'rpo' | 'rto' | 'retention' | 'coldAfter' | 'completeWithin' | 'restoreTestWindow' | 'coolingOff'>;

/** Derives the schedule from what may be lost, and refuses whatever would break one of the promises. */
export function scheduleFor(scope: IConstruct, props: Objectives, sources: readonly BackedUp[], copy: CopyTarget | undefined): Schedule {
  const rpo = hours(scope, 'rpo', props.rpo);
  const rto = hours(scope, 'rto', props.rto);
  if (rto < SHORTEST_RTO_HOURS) {
    const standby = 'Against the loss of a zone a standby helps, which SecurePostgres has from Size.STANDARD on.';
    throw invalidProp(scope, 'rto', props.rto.toHumanString(), `Name ${SHORTEST_RTO_HOURS} hour or more: a restore makes a new database. ${standby}`);
  }
  const completeHours = props.completeWithin ? hours(scope, 'completeWithin', props.completeWithin) : COMPLETION.usual;
  if (!isWhole(completeHours, COMPLETION.least, COMPLETION.most)) {
    throw invalidProp(scope, 'completeWithin', props.completeWithin?.toHumanString(), `Name whole hours from ${COMPLETION.least} to ${COMPLETION.most}.`);
  }
  const everyHours = Math.min(...demanded(scope, props, rpo, sources, copy).map(([prop, bound]) => stepFor(scope, prop, bound, completeHours)));
  const retentionDays = retentionOf(scope, props.retention, 'So far back can every moment be restored, and no snapshot may be gone before.');
  checkCopyKeeps(scope, copy, retentionDays);
  return {
    everyHours,
    completeHours,
    oldestHours: everyHours + START_WINDOW_HOURS + completeHours,
    retentionDays,
    coldAfterDays: props.coldAfter && coldAfter(scope, props, { rto, retentionDays, sources }),
    testWindowDays: testWindow(scope, props.restoreTestWindow, { everyHours, completeHours, retentionDays }),
    coolingOffDays: coolingOffOf(scope, props.coolingOff),
  };
}

/** How old a snapshot may become, by which prop: at least daily, and as often as whatever cannot be rewound asks for. */
function demanded(scope: IConstruct, { rpo: given }: Objectives, rpo: number, sources: readonly BackedUp[], copy: CopyTarget | undefined): (readonly [string, number])[] {
  const late = sources.find(({ lag }) => lag !== undefined && lag.toHours({ integral: false }) > rpo);
  if (late?.lag) throw invalidProp(scope, 'rpo', given.toHumanString(), `Name ${late.lag.toHumanString()} or more: ${late.resource.node.path} cannot be brought back to a younger moment.`);
  const daily = ['rpo', Infinity] as const;
  const still = sources.filter(({ lag }) => lag === undefined).map(() => ['rpo', rpo] as const);
  return [daily, ...still, ...(copy ? [['copy.rpo', hours(scope, 'copy.rpo', copy.rpo)] as const] : [])];
}

/** The longest step that keeps the promise: just before a snapshot is complete, the one before it is all there is. */
function stepFor(scope: IConstruct, prop: string, bound: number, completeHours: number): number {
  const step = STEPS.find((every) => every + START_WINDOW_HOURS + completeHours <= bound);
  if (step !== undefined) return step;
  const best = (STEPS.at(-1) ?? 1) + START_WINDOW_HOURS + completeHours;
  const turn = prop === 'rpo' ? 'turn point-in-time recovery on for every source' : 'bear with older copies';
  const why = `snapshots are taken every hour at most, start within ${START_WINDOW_HOURS} hour and complete within ${completeHours}`;
  throw invalidProp(scope, prop, `${bound} hours`, `Name ${best} hours or more, or ${turn}: ${why}.`);
}

interface ColdFacts {
  readonly rto: number;
  readonly retentionDays: number;
  readonly sources: readonly BackedUp[];
}

function coldAfter(scope: IConstruct, props: Objectives, { rto, retentionDays, sources }: ColdFacts): number {
  if (!sources.some(({ kind }) => kind === 'DynamoDB')) {
    throw invalidProp(scope, 'coldAfter', props.coldAfter?.toHumanString(), 'Leave it out: of what is backed up here, AWS Backup keeps only tables in cold storage.');
  }
  if (rto < COLD_RESTORE_HOURS) {
    throw invalidProp(scope, 'coldAfter', props.coldAfter?.toHumanString(), `Leave it out, or promise an rto of ${COLD_RESTORE_HOURS} hours or more: a restore from cold storage may take as long.`);
  }
  const most = retentionDays - SHORTEST_COLD_DAYS;
  if (most < 1) {
    throw invalidProp(scope, 'coldAfter', props.coldAfter?.toHumanString(), `Leave it out, or keep snapshots (retention) for ${SHORTEST_COLD_DAYS} days more: they stay in cold storage as long.`);
  }
  return days(scope, 'coldAfter', props.coldAfter, 1, most, 1, `Snapshots stay in cold storage for ${SHORTEST_COLD_DAYS} days, and retention is ${retentionDays}.`);
}

interface TestFacts {
  readonly everyHours: number;
  readonly completeHours: number;
  readonly retentionDays: number;
}

/** A window in which there is always something to restore, and nothing that is gone already. */
function testWindow(scope: IConstruct, given: Duration | undefined, { everyHours, completeHours, retentionDays }: TestFacts): number {
  const least = Math.ceil((everyHours + START_WINDOW_HOURS + completeHours) / HOURS_A_DAY);
  const most = Math.min(retentionDays, LONGEST_TEST_WINDOW_DAYS);
  return days(scope, 'restoreTestWindow', given, least, most, most, `A snapshot is up to ${least} days old before the next is there, and the oldest are gone after ${retentionDays}.`);
}

/** A vault with a lock refuses what it would have to keep shorter or longer than it may. */
function checkCopyKeeps(scope: IConstruct, copy: CopyTarget | undefined, retentionDays: number): void {
  if (!copy?.keeps || isWhole(retentionDays, copy.keeps.least, copy.keeps.most)) return;
  const got = `a vault that keeps copies for ${copy.keeps.least} to ${copy.keeps.most} days`;
  throw invalidProp(scope, 'copy', got, `Give it the same retention as these backups have, ${retentionDays} days: it refuses every copy otherwise.`);
}

function hours(scope: IConstruct, prop: string, given: Duration): number {
  if (given.isUnresolved()) throw invalidProp(scope, prop, 'a token', 'Name a time that is known when the app is synthesized: the plan follows from it.');
  return given.toHours({ integral: false });
}

/** In whole days, and as long at least as every moment can be restored. */
export function retentionOf(scope: IConstruct, given: Duration | undefined, why: string): number {
  return days(scope, 'retention', given, LONGEST_REWIND_DAYS, LONGEST_RETENTION_DAYS, LONGEST_REWIND_DAYS, why);
}

/** In whole days. */
export function coolingOffOf(scope: IConstruct, given: Duration | undefined): number {
  return days(scope, 'coolingOff', given, SHORTEST_COOLING_OFF_DAYS, LONGEST_RETENTION_DAYS, SHORTEST_COOLING_OFF_DAYS, 'AWS Backup takes no shorter one.');
}

function days(scope: IConstruct, prop: string, given: Duration | undefined, least: number, most: number, usual: number, why: string): number {
  if (given === undefined) return usual;
  const whole = given.isUnresolved() ? NaN : given.toDays({ integral: false });
  if (isWhole(whole, least, most)) return whole;
  throw invalidProp(scope, prop, Token.isUnresolved(given) || given.isUnresolved() ? 'a token' : given.toHumanString(), `Name whole days from ${least} to ${most}. ${why}`);
}
