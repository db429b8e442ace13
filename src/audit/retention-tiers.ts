import { type Duration, Duration as Days } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { ColdStorage } from './cold-storage';

/** How long audit records stay in which tier. */
export interface RetentionTiersProps {
  /**
   * In CloudWatch Logs, where they are found at once: 7 days or more, and one of the figures that CloudWatch Logs takes.
   *
   * @default Duration.days(7)
   */
  readonly hot?: Duration;

  /**
   * In the archive, as S3 keeps what is read often.
   *
   * @default Duration.days(30)
   */
  readonly warm?: Duration;

  /**
   * In the archive, in the cold storage.
   *
   * @default Duration.days(180)
   */
  readonly cold?: Duration;

  /**
   * What the cold storage is.
   *
   * @default ColdStorage.GLACIER_INSTANT_RETRIEVAL
   */
  readonly coldStorage?: ColdStorage;

  /**
   * For how long nobody may delete or change a record, as an age: at least until the cold tier ends.
   *
   * @default - until the cold tier ends
   */
  readonly lockedFor?: Duration;

  /**
   * When a record goes, as an age: not before the lock ends.
   *
   * @default - when the lock ends
   */
  readonly expiry?: Duration;
}

/** The checklist's figures, in days (TG-68 to TG-70). */
const DEFAULTS = { hot: 7, warm: 30, cold: 180 } as const;

/** What CloudWatch Logs takes for a retention (CloudWatch Logs API, PutRetentionPolicy). */
const LOG_RETENTIONS = new Map(Object.values(RetentionDays).flatMap((one) => (typeof one === 'number' && one !== RetentionDays.INFINITE ? [[one as number, one] as const] : [])));

/** How many of them a message names. */
const SHOWN = 8;

type Factory = 'ages' | 'durations';

function days(factory: Factory, prop: string, given: Duration | undefined, otherwise: number): number {
  if (!given) return otherwise;
  if (given.isUnresolved()) throw refused(factory, prop, 'a token', 'Name whole days that are known now: all of them are checked together.');
  const count = given.toDays({ integral: false });
  if (!Number.isInteger(count) || count < 1) throw refused(factory, prop, given.toHumanString(), 'Name whole days, 1 or more: S3 and CloudWatch Logs count in days.');
  return count;
}

function refused(factory: Factory, prop: string, got: string, todo: string): Error {
  return new Error(`RetentionTiers.${factory}: ${prop} is ${got}. ${todo}`);
}

const shown = (count: number): string => `${count} ${count === 1 ? 'day' : 'days'}`;

/**
 * How long audit records are kept, and where (AUD-2): hot, warm and cold.
 *
 * The checklist's 7, 30 and 180 days are read as ages, since they rise (C-24): a record is hot until its 7th day, warm until its 30th and cold until its 180th.
 * Nothing is deleted before its 180th day, whichever way they are given.
 */
export class RetentionTiers {
  /** Days since a record was written, at which each tier ends. */
  public static ages(props: RetentionTiersProps = {}): RetentionTiers {
    return RetentionTiers.of('ages', props, (hot, warm, cold) => ({ hot, warm, cold }));
  }

  /** Days that a record spends in each tier, one after the other. */
  public static durations(props: RetentionTiersProps = {}): RetentionTiers {
    return RetentionTiers.of('durations', props, (hot, warm, cold) => ({ hot, warm: hot + warm, cold: hot + warm + cold }));
  }

  private static of(factory: Factory, props: RetentionTiersProps, toAges: (hot: number, warm: number, cold: number) => { hot: number; warm: number; cold: number }): RetentionTiers {
    const { coldStorage = ColdStorage.GLACIER_INSTANT_RETRIEVAL } = props;
    const [hotDays, warmDays, coldDays] = (['hot', 'warm', 'cold'] as const).map((prop) => days(factory, prop, props[prop], DEFAULTS[prop])) as [number, number, number];
    const { hot, warm, cold } = toAges(hotDays, warmDays, coldDays);
    const refuse = (prop: string, got: number, todo: string): Error => refused(factory, prop, shown(got), todo);
    const lock = days(factory, 'lockedFor', props.lockedFor, cold);
    const expiry = days(factory, 'expiry', props.expiry, Math.max(lock, cold));
    const hotRetention = LOG_RETENTIONS.get(hot);
    if (hotRetention === undefined) {
      const taken = [...LOG_RETENTIONS.keys()].filter((one) => one >= DEFAULTS.hot).slice(0, SHOWN);
      throw refuse('hot', hot, `Name a figure that CloudWatch Logs takes: ${taken.join(', ')} and some more.`);
    }
    if (hot < DEFAULTS.hot) throw refuse('hot', hot, `Name ${DEFAULTS.hot} days or more (AUD-2).`);
    if (warm < hot) throw refuse('warm', warm, `Name the age at which the warm tier ends: not before the hot one does, after ${shown(hot)}.`);
    if (cold <= warm) throw refuse('cold', cold, `Name the age at which the cold tier ends: after the warm one, which ends after ${shown(warm)}.`);
    if (cold < DEFAULTS.cold) throw refuse('cold', cold, `Name an age of ${DEFAULTS.cold} days or more: nothing is deleted before (AUD-2).`);
    if (warm < coldStorage._leastAge) throw refuse('warm', warm, `Name ${coldStorage._leastAge} days or more: S3 takes no younger objects into ${coldStorage.storageClass.toString()}.`);
    if (lock < cold) throw refuse('lockedFor', lock, `Name ${shown(cold)} or more: until then a record is kept (AUD-3).`);
    if (expiry < lock) throw refuse('expiry', expiry, `Name ${shown(lock)} or more: until then it is locked, and S3 deletes nothing that is.`);
    return new RetentionTiers(Days.days(hot), Days.days(warm), Days.days(cold), Days.days(lock), Days.days(expiry), coldStorage, hotRetention);
  }

  private constructor(
    /** The age at which a record leaves CloudWatch Logs. */
    public readonly hotUntil: Duration,
    /** The age at which a record moves to the cold storage. */
    public readonly warmUntil: Duration,
    /** The age until which a record is kept at least. */
    public readonly coldUntil: Duration,
    /** The age until which nobody may delete or change a record. */
    public readonly lockedUntil: Duration,
    /** The age at which a record is deleted. */
    public readonly expiresAfter: Duration,
    /** What the cold storage is. */
    public readonly coldStorage: ColdStorage,
    /**
     * As CloudWatch Logs takes the hot tier.
     *
     * @internal
     */
    public readonly _hotRetention: RetentionDays,
  ) {}
}
