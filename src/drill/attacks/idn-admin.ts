import { type Attack, defineAttack } from '../attack';
import type { EdgeModel, ListenerModel } from '../edge/model';
import { ADMIN_BEHIND, ADMIN_OPENED, ADMIN_REMOVED } from '../rule-saboteurs';
import { tryAll } from './attempts';
import { forwardingListeners, jwtOf, ruleOf, type RuleTarget, tokenRulesIn } from './targets';

/** As a load balancer reads them; other spellings are for whoever decodes them to refuse. */
const PATHS = ['/admin', '/admin/', '/admin/keys', '/admin/keys/', '/admin/keys?page=1', '/admin?next=/v1', '/admin//keys', '/admin/../admin/keys'];
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Listeners on which some rule is about the admin plane and nothing else. */
function apart(edge: EdgeModel): RuleTarget[] {
  const isApart = ({ rules }: ListenerModel): boolean => rules.some(({ conditions }) => conditions.some((condition) => condition.kind === 'path' && condition.values.some((value) => /^\/admin(\/|\*|$)/.test(value))));
  const isUsers = (listener: ListenerModel): boolean => tokenRulesIn({ listeners: [listener], notEmulated: [] }).length > 0 || listener.tls?.clients?.mode === 'verify';
  return forwardingListeners(edge, (listener) => isApart(listener) && isUsers(listener), (rule) => jwtOf(rule) !== undefined || rule.actions.some(({ kind }) => kind === 'forward'));
}

const userOnAdminPlane = defineAttack('IDN-10', 'user-on-admin-plane', {
  tries: 'Calls the admin plane with a caller\'s good token or certificate and no session, by several methods and paths.',
  expects: 'Nothing reaches the Core: the admin plane is answered 404, or sends strangers to a login of its own.',
  evidence: 'template-intent',
  needs: 'rule that sets /admin apart',
  targets: apart,
  async run(target, scene) {
    const user = await scene.legitimate(target.listener, ruleOf(target));
    const walk = [...PATHS.map((path) => ({ ...user, path, method: 'GET' })), ...METHODS.slice(1).map((method) => ({ ...user, path: '/admin/keys', method }))];
    return tryAll(scene, target.listener, walk.map((request) => ({ name: `${request.method} ${request.path} as a caller`, request })));
  },
  saboteurs: [ADMIN_OPENED, ADMIN_REMOVED, ADMIN_BEHIND],
});

export const ADMIN_ATTACKS: readonly Attack[] = [userOnAdminPlane];
