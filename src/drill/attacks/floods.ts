import { listed } from '../../listed';
import type { AttackResult, AttackTarget } from '../attack';
import type { ListenerModel } from '../edge/model';
import { WEB_ACL_ASSOCIATION } from '../edge/translate/types';
import { PLAIN } from '../requests/drafts';
import { gateOf } from '../gate/translate';
import type { Draft } from '../requests/matching';
import type { Scene, WireRequest } from '../scene';
import { flood, type FloodOptions, MAX_FLOOD } from '../services/flood';
import { answerTo, gotThrough, MAX_LISTED } from './attempts';
import type { Limit } from './flooders';
import { forwards, ruleOf } from './targets';
import { withoutCredentials } from './tokens';

/** How far beyond the limit a flood goes, so that a limit which is a little late still shows. */
const EXCESS = 1.3;
/** How much of a flood a limit may let through beyond what it promises: neither AWS nor Envoy counts to the request. */
const TOLERANCE = 1.05;
/** What is sent where nothing promises a limit. */
export const WITHOUT_LIMIT = 2000;

export interface FloodPlan extends FloodOptions {
  /** As the end of "Of 100 requests". */
  readonly name: string;
  readonly request: WireRequest;
  readonly limit: Limit | undefined;
}

/** Floods, and then sees whether somebody else is still served. */
export async function floodWith({ name, request, limit, ...options }: FloodPlan, legitimate: WireRequest, target: AttackTarget, scene: Scene): Promise<AttackResult> {
  const { listener } = target;
  if (limit === undefined) refuseUnknown(listener, scene);
  const count = countFor(limit);
  const { status: usual } = await scene.send(listener, request);
  if (usual === limit?.status) throw new Error(`The answer ${usual} to ${name} is what the web ACL's limit gives too, so the two cannot be told apart.`);
  const before = await answerTo(scene, listener, legitimate);
  const { answers, seconds } = await flood({ ...scene.address(listener), tls: listener.tls !== undefined }, request, count, options);
  const sent = `Of ${count} requests ${name} in ${seconds.toFixed(1)} s ${summary(answers)}`;
  scene.note(sent);
  const admitted = limit === undefined ? count - 1 : limit.rate.limit * (1 + seconds / limit.rate.windowSeconds) * TOLERANCE;
  if ((answers.get(usual) ?? 0) > admitted) return { verdict: 'succeeded', saw: `${sent}: no limit stopped them.` };
  // A gate counts by who calls, so somebody else has to be served.
  const other = gateOf(ruleOf(target)) === undefined ? legitimate : await scene.legitimate(listener, ruleOf(target));
  if (!await isServed(target, other, before?.status, scene)) return { verdict: 'succeeded', saw: `${sent}, and afterwards another address was no longer served.` };
  return { verdict: 'withstood', saw: `${sent}; another address was still served.` };
}

/** How many requests show whether a limit holds. Throws where a drill must not send as many. */
export function countFor(limit: Limit | undefined): number {
  if (limit === undefined) return WITHOUT_LIMIT;
  const count = Math.ceil(limit.rate.limit * EXCESS) + 10;
  if (count > MAX_FLOOD) throw new Error(`A flood beyond ${limit.rate.limit} requests is more than the ${MAX_FLOOD} that a drill sends: it cannot be tried here.`);
  return count;
}

/** A limit may stand in what is in none of the templates; then its absence is no finding. */
function refuseUnknown({ webAcl }: ListenerModel, { model }: Scene): void {
  const unknown = model.notEmulated.find(({ type, place, property }) => (
    webAcl === undefined ? type === WEB_ACL_ASSOCIATION : place.logicalId === webAcl.place.logicalId && place.stack === webAcl.place.stack && property.endsWith('.RuleGroupReferenceStatement')
  ));
  if (unknown !== undefined) throw new Error(`Whether ${unknown.place.logicalId} limits anybody is not known: ${unknown.reason}.`);
}

/**
 * The web ACL is asked before any rule, so a flood needs no credentials: it costs the edge less and the Core nothing. Only where the rules
 * would refuse it with the web ACL's own status must it be let through, or the two could not be told apart.
 */
export async function floodable(scene: Scene, target: AttackTarget, legitimate: WireRequest, limit: Limit | undefined): Promise<WireRequest> {
  const bare = { ...withoutCredentials(legitimate, target), client: legitimate.client };
  const { status } = await scene.send(target.listener, bare);
  return status === limit?.status ? legitimate : bare;
}

/** As far as a web ACL looks at it. */
export function draftOf({ method, path, headers, from = PLAIN.from }: WireRequest): Draft {
  const [plain = '/', query = ''] = path.split('?');
  const pairs = query === '' ? [] : query.split('&').map((pair) => ({ key: pair.split('=')[0] ?? '', value: pair.split('=').slice(1).join('=') }));
  return { ...PLAIN, method, path: plain, query: pairs, headers, from };
}

/** Where a login stops everybody, it is enough that callers still get as far as they did. */
async function isServed(target: AttackTarget, request: WireRequest, usual: number | undefined, scene: Scene): Promise<boolean> {
  if (forwards(ruleOf(target))) return gotThrough(scene, target.listener, request);
  return (await answerTo(scene, target.listener, request))?.status === usual;
}

function summary(answers: ReadonlyMap<number, number>): string {
  return listed([...answers].sort(([a], [b]) => a - b).map(([status, count]) => `${count} were answered ${status}`), MAX_LISTED);
}
