import type { JWTPayload } from 'jose';
import type { GateConfiguration, PolicyRoute, ProofKind } from '../../../gate/contract';
import { listed } from '../../../listed';
import type { AttackResult } from '../../attack';
import { answerTo, marked, MAX_LISTED } from '../../attacks/attempts';
import type { WireRequest } from '../../scene';
import { proofsAt } from '../callers';
import { contents, draftOn, everythingIn, routesFor, together, type Wants } from '../wants';
import type { AtGate } from './define';

/** Whether there is something that a caller may lack. */
export const asksForScopes = ({ policy }: Pick<GateConfiguration, 'policy'>): boolean => policy.routes.some(({ access }) => access.kind !== 'authenticated');

/** All that a caller there can be given. */
export function everything({ gate, target }: AtGate): Wants {
  const { configuration } = gate;
  const all = everythingIn(configuration.policy);
  const proofs = proofsAt(configuration, { verifiesClients: target.listener.tls?.clients?.mode === 'verify' });
  const roles = proofs.includes('token') && configuration.identity.tokens[0]?.rolesClaim !== undefined ? all.roles : [];
  return { scopes: proofs.includes('certificate') && !proofs.includes('token') && !proofs.includes('key') ? [] : all.scopes, roles };
}

/** 401 and 503 are for scopes that are none, in a token and in the table; 404 where the listener has no rule for the path. Too many requests (429) would say nothing. */
const REFUSED = [401, 403, 404, 503];

/** Somebody who has less than a route asks for. */
export interface Lacking {
  readonly name: string;
  readonly wants: Wants;
  /** Laid over the claims of his token. */
  readonly claims?: JWTPayload;
  /** What he does to his request, so as to have more. */
  readonly alter?: (request: WireRequest) => WireRequest;
}

/** Scopes that every token there has, since the gate asks for them before it looks at the route. */
function demanded({ gate, target }: AtGate, proof?: ProofKind): Wants {
  const { configuration } = gate;
  const proofs = proofsAt(configuration, { verifiesClients: target.listener.tls?.clients?.mode === 'verify' }, proof);
  const [token] = proofs.includes('token') ? configuration.identity.tokens : [];
  return { scopes: token?.claims.flatMap(({ name, values }) => (name === token.scopesClaim ? values.slice(0, 1) : [])) ?? [], roles: [] };
}

/** Calls every route as each of those who lack what it asks for there: the Core must hear of none. */
export async function walk(at: AtGate, lacking: (route: PolicyRoute, all: Wants) => readonly Lacking[], proof?: ProofKind): Promise<AttackResult> {
  const { gate, scene } = at;
  const { policy } = gate.configuration;
  const through: string[] = [];
  const always = demanded(at, proof);
  const same = (request: WireRequest): WireRequest => request;
  let tried = 0;
  for (const route of policy.routes) {
    const draft = draftOn(route, gate.draft());
    const demands = routesFor(policy, draft.method, draft.path);
    const isContent = ({ wants }: Lacking): boolean => demands.every(({ access }) => contents(access, together([wants, always]), policy.roles));
    for (const { name, wants, claims, alter = same } of lacking(route, everything(at)).filter((each) => !isContent(each))) {
      tried += 1;
      const canary = scene.canary();
      scene.note(`Trying ${name} on ${draft.method} ${draft.path}`);
      const answer = await answerTo(scene, gate.open, marked(alter(await gate.request({ draft, wants, proof, claims })), canary));
      if (scene.reached(canary) > 0) through.push(`${name} on ${draft.method} ${draft.path}`);
      else if (!REFUSED.includes(answer?.status ?? 0)) throw new Error(`${draft.method} ${draft.path} with ${name} was answered ${answer?.status ?? 'with nothing'}, which says nothing.`);
    }
  }
  if (tried === 0) throw new Error('Nobody was found who lacks anything.');
  return through.length > 0
    ? { verdict: 'succeeded', saw: `The Core was reached with ${listed(through, MAX_LISTED)}.` }
    : { verdict: 'withstood', saw: `All of ${tried} callers who lacked something were refused.` };
}
