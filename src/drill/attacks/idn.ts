import { type Attack, type AttackTarget, defineAttack } from '../attack';
import { withoutHeader } from '../gate/attacks/define';
import { configurationOf } from '../gate/model';
import { gateOf } from '../gate/translate';
import { DEFAULT_FORWARDS, MUTUAL_OFF, NOBODY_ASKED, together } from '../saboteurs';
import type { WireRequest } from '../scene';
import { type Attempt, tryAll } from './attempts';
import { ADMIN_ATTACKS } from './idn-admin';
import { CLAIM_ATTACKS } from './idn-claims';
import { CERTIFICATE_ATTACKS } from './idn-mtls';
import { FORGERY_ATTACKS } from './idn-jwt';
import { ruleOf, rulesIn } from './targets';
import { withAuthorization, withoutCredentials } from './tokens';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** What looks like credentials and is none. */
const GARBAGE = ['', 'Basic ZHJpbGw6ZHJpbGw=', 'Bearer', 'Bearer ', 'Bearer x', 'Bearer null', 'bearer e30.e30.', 'Negotiate e30=', 'Bearer x, Bearer x'];

/** Other spellings of a path, for whoever compares it as text before the Core normalises it. */
const SPELLINGS: readonly ((path: string) => string)[] = [
  (path) => `/${path}`,
  (path) => `/.${path}`,
  (path) => `/drill/..${path}`,
  (path) => `/%2e${path}`,
  (path) => `/drill/%2e%2e${path}`,
  (path) => `${path}/`,
  (path) => `${path};drill`,
  (path) => path.toUpperCase(),
];

/** Also without a key, which a gate alone knows, in a header of its own. */
function strangerTo(target: AttackTarget, legitimate: WireRequest): WireRequest {
  const gate = gateOf(ruleOf(target));
  const key = gate && configurationOf(gate).identity.key;
  const request = withoutCredentials(legitimate, target);
  return key === undefined ? request : withoutHeader(request, key.header);
}

const anonymousWalk = defineAttack('IDN-1', 'anonymous-walk', {
  tries: 'Walks every listener and rule without credentials: its conditions met, by several methods, in several spellings of the path, with worthless Authorization headers.',
  expects: 'No request reaches the Core.',
  evidence: 'template-intent',
  needs: 'listener',
  // Past the others the sample Core stands in for a function that lets nobody in unsigned, and would let in everybody.
  targets: (edge) => rulesIn(edge).filter(({ rule }) => !rule.asksBehind),
  async run(target, scene) {
    const legitimate = await scene.legitimate(target.listener, ruleOf(target));
    return tryAll(scene, target.listener, strolls(strangerTo(target, legitimate)));
  },
  saboteurs: [NOBODY_ASKED, together('default action becomes forward', DEFAULT_FORWARDS, MUTUAL_OFF)],
});

function strolls(request: WireRequest): Attempt[] {
  const [path = '/', ...query] = request.path.split('?');
  const spelled = (spell: (path: string) => string): string => [spell(path), ...query].join('?');
  return [
    { name: 'no credentials', request },
    ...METHODS.filter((method) => method !== request.method).map((method) => ({ name: `${method} and no credentials`, request: { ...request, method } })),
    ...SPELLINGS.map(spelled).map((to) => ({ name: `${to} and no credentials`, request: { ...request, path: to } })),
    ...GARBAGE.map((authorization) => ({ name: `Authorization "${authorization}"`, request: withAuthorization(request, authorization) })),
  ];
}

export const IDN_ATTACKS: readonly Attack[] = [anonymousWalk, ...FORGERY_ATTACKS, ...CLAIM_ATTACKS, ...CERTIFICATE_ATTACKS, ...ADMIN_ATTACKS];
