import type { Attack, AttackTarget } from './attack';
import { answerTo, marked } from './attacks/attempts';
import { forwards } from './attacks/targets';
import { betweenLooks, carriedOut } from './attempted';
import type { EdgeModel, ListenerModel, RuleModel } from './edge/model';
import { onEveryTarget, recordOf, withoutTarget } from './every-target';
import type { AttackRecord, Evidence } from './evidence';
import { type LaneOf, ONE_LANE } from './lanes';
import { messageOf } from './message-of';
import { overlay } from './overlay';
import { patient } from './patience';
import { keyHeadersOf } from './requests/web-acl';
import type { Scene, WireRequest } from './scene';

/** Opens a running edge for one attack, which writes into these lines: they are there even where the attack breaks off. */
export type OpenScene = (transcript: string[]) => Scene;

export type AttackEvidence = Pick<Evidence, 'attacks' | 'noTarget'>;

/** Carries out every attack on every target of it, one attack after the other; one at a time within a lane, for a flood would be felt by its neighbours. */
export async function runAttacks(attacks: readonly Attack[], model: EdgeModel, open: OpenScene, laneOf: LaneOf = ONE_LANE): Promise<AttackEvidence> {
  const records = await onEveryTarget(attacks, model, ({ listener }) => laneOf(listener.place.stack), (attack, target) => runAttack(attack, target, open));
  return { attacks: records, noTarget: withoutTarget(attacks, model) };
}

/** One attack between two legitimate requests. */
async function runAttack(attack: Attack, target: AttackTarget, open: OpenScene): Promise<AttackRecord> {
  const transcript: string[] = [];
  const scene = patient(fromManyAddresses(open(transcript)));
  const control = { name: 'a legitimate request', look: () => refusalOfLegitimate(target, scene) };
  const outcome = await betweenLooks(control, (line) => scene.note(line), () => carriedOut(attack, target, scene));
  return recordOf(attack, target.rule?.place ?? target.listener.place, outcome, transcript);
}

/** A busy machine resets a connection once in a while, which says nothing of what is attacked; whoever serves nobody still serves nobody the third time. */
const LOOKS = 3;
const NO_ANSWER = 'a legitimate request got no answer.';

async function refusalOfLegitimate(target: AttackTarget, scene: Scene): Promise<string | undefined> {
  let refusal: string | undefined;
  for (let look = 0; look < LOOKS; look += 1) {
    refusal = await refusalOnce(target, scene);
    if (refusal !== NO_ANSWER) break;
  }
  return refusal;
}

/** Why a request that ought to be served is not; undefined where it is. Where nothing forwards, the rule's own answer must come. */
async function refusalOnce({ listener, rule: meant }: AttackTarget, scene: Scene): Promise<string | undefined> {
  const rule = meant ?? listener.rules.find(forwards) ?? listener.rules.at(-1);
  if (rule === undefined) return `the listener ${listener.place.logicalId} has no rules.`;
  try {
    const canary = scene.canary();
    const answer = await answerTo(scene, listener, marked(await scene.legitimate(listener, rule), canary));
    if (answer === undefined) return NO_ANSWER;
    if (!forwards(rule)) return statusesOf(rule).includes(answer.status) ? undefined : `a request was answered ${answer.status} and not as the rule says.`;
    return scene.reached(canary) > 0 ? undefined : `a legitimate request did not reach the Core and was answered ${answer.status}.`;
  } catch (error) {
    return `a legitimate request could not be sent: ${messageOf(error)}`;
  }
}

/** What a rule answers with that does not lead to the Core. */
function statusesOf({ actions, answeredByGate }: RuleModel): readonly number[] {
  if (answeredByGate !== undefined) return [200, 204];
  for (const action of actions) {
    if (action.kind === 'fixed-response' || action.kind === 'redirect') return [action.status];
    if (action.kind === 'login' && action.strangers !== 'allow') return action.strangers === 'deny' ? [401] : [302];
  }
  return [];
}

/** Of the range that is kept for measurements (RFC 2544): 198.18.0.0/15. */
const RANGE = [198, 18];
const ADDRESSES_KEPT = 2 ** 17;
let callers = 0;

/**
 * Every request, in bytes or not, comes from an address of its own unless it names one: what the web ACL stops for being too many must not be taken for
 * what another protection has stopped. For the same reason each shows a key of its own where keys are counted.
 */
export function fromManyAddresses(scene: Scene): Scene {
  return overlay(scene, {
    send: (listener, request) => scene.send(listener, withKeys(listener, { ...request, from: request.from ?? nextAddress() })),
    open: (listener, request) => scene.open(listener, withKeys(listener, { ...request, from: request.from ?? nextAddress() })),
    sendRaw: (listener, bytes, options) => scene.sendRaw(listener, bytes, { ...options, from: options?.from ?? nextAddress() }),
  });
}

/** Empty headers stay, so that an attack may go without. */
function withKeys({ webAcl }: ListenerModel, request: WireRequest): WireRequest {
  const names = Object.keys(request.headers).map((name) => name.toLowerCase());
  const missing = keyHeadersOf(webAcl).filter((name) => !names.includes(name.toLowerCase()));
  return { ...request, headers: { ...request.headers, ...Object.fromEntries(missing.map((name) => [name, `drill-${callers}`])) } };
}

function nextAddress(): string {
  callers = (callers + 1) % ADDRESSES_KEPT;
  const [first = 0, second = 0] = RANGE;
  return [first, second + (callers >> 16), (callers >> 8) & 255, callers & 255].join('.');
}
