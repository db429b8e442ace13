import { regionAndAccountOf } from '../../../arn';
import { isJsonMap, type Json } from '../../../checks/template/template';
import { listed } from '../../../listed';
import { defineKeepingAttack, resourcesIn } from '../attack';
import { mayRead, secretArn } from '../reading';
import { READS_NOT_DELIVERED, READS_UNWATCHED } from '../saboteurs';
import type { KeepingScene } from '../scene';
import { matchesAny, readEvent, watching } from '../secret-reads';
import { TRAIL_BLIND, TRAIL_OFF } from '../trail-saboteurs';
import { CALL_TRAIL, ROLE, SECRET } from '../types';

const MAX_LISTED = 4;

/** Trails of the templates that are on and record every management event, reads of secrets among them. */
function trailsThatHear(scene: KeepingScene): number {
  return scene.graph.ofType(CALL_TRAIL).map((trail) => scene.propertiesOf(trail)).filter((properties) => String(properties.IsLogging) === 'true' && hearsReads(properties.EventSelectors)).length;
}

/** Without selectors a trail records all management events (CloudTrail API, PutEventSelectors). */
function hearsReads(selectors: Json | undefined): boolean {
  if (!Array.isArray(selectors) || selectors.length === 0) return true;
  return (selectors as readonly Json[]).some((selector) => {
    if (!isJsonMap(selector)) return false;
    const { IncludeManagementEvents: included = true, ReadWriteType: kinds = 'All', ExcludeManagementEventSources: excluded = [] } = selector;
    return String(included) === 'true' && kinds !== 'WriteOnly' && !JSON.stringify(excluded).includes('secretsmanager');
  });
}

export const CREDENTIAL_READ_ATTACKS = [
  defineKeepingAttack('AUD-6', 'attempts', {
    tries: 'Tries to read the secret with every role of the templates, and gives the rules what CloudTrail tells of each attempt, as it ended here',
    expects: 'Each attempt that was refused is given to a rule with a target, one by one; and where the templates have a trail, it records them all, those that were let read among them.',
    evidence: 'template-intent',
    needs: 'secret',
    targets: (model) => resourcesIn(model, [SECRET]),
    run: async (target, scene) => {
      const arn = secretArn(scene, scene.now(target));
      const { region, account } = regionAndAccountOf(arn);
      const rules = await watching(scene);
      const roles = scene.graph.ofType(ROLE).flatMap((role) => scene.id(role, 'Arn') ?? []);
      const outcomes = await Promise.all(roles.map(async (role) => ({ role: role.split('/').at(-1) ?? '', isDenied: !await mayRead(await scene.as(role), arn) })));
      const refused = outcomes.filter(({ isDenied }) => isDenied);
      const unheard: string[] = [];
      for (const { role } of refused) {
        const event = JSON.stringify(readEvent({ account, region, secretId: arn, role, isDenied: true }));
        if (!await matchesAny(scene, rules, event)) unheard.push(role);
      }
      scene.note(`${outcomes.length} roles have tried, ${refused.length} were refused, and of those ${refused.length - unheard.length} are given to a rule.`);
      if (unheard.length > 0) {
        return { verdict: 'succeeded', saw: `Of ${refused.length} refused attempts ${refused.length - unheard.length} are recorded; nobody hears of ${listed(unheard, MAX_LISTED)}.` };
      }
      const trails = scene.graph.ofType(CALL_TRAIL).length;
      if (trails > 0 && trailsThatHear(scene) === 0) return { verdict: 'succeeded', saw: 'The trail of the templates does not record reads of secrets.' };
      const others = trails > 0 ? `a trail records all ${outcomes.length}` : 'those that were let read are left to the account\'s own trail';
      return { verdict: 'withstood', saw: `All ${refused.length} refused attempts are given to a rule, and ${others}.` };
    },
    saboteurs: [READS_UNWATCHED, READS_NOT_DELIVERED, TRAIL_OFF, TRAIL_BLIND],
  }),
] as const;
