import { type Keeping, keepingOf, refusalOf, whereabouts, type Whereabouts } from '../../delivery/lifecycle';
import type { AttackResult } from '../../attack';
import { defineKeepingAttack } from '../attack';
import type { KeepingScene } from '../scene';
import { LOG_GROUP } from '../types';
import { archives, subscribedGroups } from '../trail/trails';
import { EXPIRES_EARLY, HOT_FOREVER, NEVER_COLD, NEVER_EXPIRES, RARELY_READ_AT_7, VERSIONS_STAY } from '../trail-saboteurs';

/** The checklist's, in days (TG-68 to TG-70). */
const TIERS = { hot: 7, warm: 30, cold: 180 } as const;
/** About them, what is where is told. */
const TOLD_DAYS = [6, 8, 29, 31, 179, 181, 182];
/** As much as S3 moves at all, and a small one. */
const SIZES = { large: 128 * 1024, small: 1024 };
/** What whoever looks gets at once and without a fee for it. */
const WARM = 'STANDARD';

/** For how many days CloudWatch Logs keeps what the archive is fed by, each group for itself. Undefined for ever. */
function hotDays(scene: KeepingScene): (number | undefined)[] {
  const hot = subscribedGroups({ graph: scene.graph });
  return scene.graph.ofType(LOG_GROUP).filter((group) => hot.some(({ resource }) => resource === group)).map((group) => {
    const days = Number(scene.propertiesOf(group).RetentionInDays);
    return Number.isFinite(days) && days > 0 ? days : undefined;
  });
}

function shown(where: Whereabouts): string {
  return where.state === 'gone' ? 'gone' : `${where.state} in ${where.storageClass}`;
}

function judged(keeping: Keeping, hot: readonly (number | undefined)[]): AttackResult {
  const refused = refusalOf(keeping);
  if (refused !== undefined) return { verdict: 'succeeded', saw: `The archive cannot be deployed: ${refused}.` };
  const ofSize = (bytes: number) => (day: number): Whereabouts => whereabouts(keeping, { key: 'drill', bytes }, day);
  const [large, small] = [ofSize(SIZES.large), ofSize(SIZES.small)];
  const fails = (saw: string): AttackResult => ({ verdict: 'succeeded', saw });
  if (hot.length === 0 || hot.some((days) => days === undefined)) return fails('What is in the log group stays there for ever.');
  if (hot.some((days) => (days ?? 0) < TIERS.hot)) return fails(`What is in the log group is gone before day ${TIERS.hot}.`);
  const early = [large, small].map((at) => at(TIERS.warm - 1)).find((where) => where.state !== 'current' || where.storageClass !== WARM);
  if (early) return fails(`On day ${TIERS.warm - 1} an object is ${shown(early)}.`);
  const kept = [large, small].map((at) => at(TIERS.cold - 1)).find((where) => where.state === 'gone');
  if (kept) return fails(`On day ${TIERS.cold - 1} an object is gone.`);
  const end = Math.max(...keeping.rules.map(({ expirationDays }) => expirationDays ?? 0), keeping.lockDays);
  const left = [large, small].map((at) => at(end + 2)).find((where) => where.state !== 'gone');
  if (left) return fails(`On day ${end + 2} an object is still ${shown(left)}, and stays.`);
  const last = large(Math.max(TIERS.cold - 1, 0));
  if (last.state !== 'gone' && last.storageClass === WARM) return fails(`On day ${TIERS.cold - 1} an object of ${SIZES.large} bytes is still in ${WARM}.`);
  return { verdict: 'withstood', saw: `Hot until day ${String(Math.min(...hot.map((days) => days ?? 0)))}, archived from the first day, cold in the end, and gone by day ${end + 2}.` };
}

export const ARCHIVE_DAYS_ATTACKS = [
  defineKeepingAttack('AUD-2', 'days', {
    tries: 'Lets days go by in a simulator of lifecycle rules, versions, Object Lock and the retention of the log group, and looks where a record is',
    expects: [
      `Until day ${TIERS.hot} it is in the log group; until day ${TIERS.warm} in the archive as what is often read, later in a cold storage;`,
      `on day ${TIERS.cold - 1} it is there, and once it expires no version of it is left.`,
    ].join(' '),
    evidence: 'template-intent',
    needs: 'bucket that logs are delivered into',
    targets: archives,
    run: (target, scene) => {
      const keeping = keepingOf(scene.propertiesOf(scene.now(target)));
      const hot = hotDays(scene);
      for (const day of TOLD_DAYS) {
        const [large, small] = [SIZES.large, SIZES.small].map((bytes) => shown(whereabouts(keeping, { key: 'drill', bytes }, day)));
        const searchable = hot.some((days) => days === undefined || day <= days);
        scene.note(`Day ${day}: ${searchable ? 'in the log group; ' : ''}${SIZES.large} bytes: ${large ?? ''}; ${SIZES.small} bytes: ${small ?? ''}`);
      }
      return Promise.resolve(judged(keeping, hot));
    },
    saboteurs: [HOT_FOREVER, RARELY_READ_AT_7, NEVER_COLD, NEVER_EXPIRES, VERSIONS_STAY, EXPIRES_EARLY],
  }),
] as const;
