import type { ControlId } from '../../../controls';
import type { GateConfiguration, ProofKind } from '../../../gate/contract';
import { type Attack, type AttackResult, defineAttack, type Saboteur } from '../../attack';
import { type Attempt, gotThrough, tryAll } from '../../attacks/attempts';
import { forwardsIn, ruleOf, type RuleTarget } from '../../attacks/targets';
import type { EdgeModel } from '../../edge/model';
import type { Scene, WireRequest } from '../../scene';
import { configurationOf } from '../model';
import type { GateInHand } from '../scene';
import { gateOf, samePlace } from '../translate';

/** An attacker at a gate. */
export interface AtGate {
  readonly gate: GateInHand;
  readonly scene: Scene;
  readonly target: RuleTarget;
  /** Makes every attempt through a load balancer that verifies nothing; one that reaches the Core is the attacker's success. */
  readonly tryAll: (attempts: readonly Attempt[]) => Promise<AttackResult>;
}

/** Whether there is something to attack at a gate, through a listener that asks callers for certificates or does not. */
type Matches = (configuration: GateConfiguration, verifiesClients: boolean) => boolean;

interface GateAttack extends Pick<Attack, 'isAlone'> {
  readonly tries: string;
  /** @default - no request reaches the Core */
  readonly expects?: string;
  /** What the gate must have. @default - nothing more */
  readonly needs?: string;
  readonly matches?: Matches;
  readonly run: (at: AtGate) => Promise<AttackResult>;
  readonly saboteurs: readonly [Saboteur, ...Saboteur[]];
}

/**
 * Attacks the gate's own code with the configuration of the template, through a load balancer that verifies nobody: what is withstood, the gate withstands by
 * itself. Where it is, a good request must be served on the same way, or nothing has been learned.
 */
export function defineGateAttack(control: ControlId, aspect: string, { tries, expects, isAlone, needs, matches = () => true, run, saboteurs }: GateAttack): Attack {
  return defineAttack(control, aspect, {
    tries,
    expects: expects ?? 'No request reaches the Core.',
    evidence: 'real-artefact',
    isAlone,
    needs: needs ?? 'rule that leads to a gate',
    targets: (edge) => gatesBehind(edge, matches),
    async run(attacked, scene) {
      const target = { listener: attacked.listener, rule: ruleOf(attacked) };
      const gate = scene.gate(target.listener, target.rule);
      const result = await run({ gate, scene, target, tryAll: (attempts) => tryAll(scene, gate.open, attempts) });
      if (result.verdict === 'withstood' && !await gotThrough(scene, gate.open, await gate.request())) throw new Error('a good request was not served by the gate either');
      return result;
    },
    saboteurs,
  });
}

/** Every gate once for each listener that leads there, by the first rule that does. */
export function gatesBehind(edge: EdgeModel, matches: Matches = () => true): RuleTarget[] {
  const found: RuleTarget[] = [];
  for (const target of forwardsIn(edge)) {
    const gate = gateOf(target.rule);
    if (gate === undefined || !matches(configurationOf(gate), target.listener.tls?.clients?.mode === 'verify')) continue;
    if (found.some(({ listener, rule }) => listener === target.listener && samePlace(gateOf(rule)?.place ?? gate.place, gate.place))) continue;
    found.push(target);
  }
  return found;
}

/** The request with one header in the place of any of that name. */
export function withHeader(request: WireRequest, name: string, value: string): WireRequest {
  const others = Object.entries(request.headers).filter(([each]) => each.toLowerCase() !== name.toLowerCase());
  return { ...request, headers: { ...Object.fromEntries(others), [name]: value } };
}

export function withoutHeader(request: WireRequest, ...names: readonly string[]): WireRequest {
  const gone = new Set(names.map((name) => name.toLowerCase()));
  return { ...request, headers: Object.fromEntries(Object.entries(request.headers).filter(([name]) => !gone.has(name.toLowerCase()))) };
}

export function withPath(request: WireRequest, path: string): WireRequest {
  return { ...request, path };
}

/** A proof decides where it is needed; beside a certificate that is enough, it decides nothing. */
const decides = (proof: ProofKind): Matches => ({ identity }, verifiesClients) => identity.accept.some((proofs) => proofs.includes(proof) && proofs.includes('certificate') === verifiesClients);

export const takesTokens = decides('token');
export const takesKeys = decides('key');

/** A result by what got through. */
export function verdict(through: readonly string[], succeeded: (what: readonly string[]) => string, withstood: string): AttackResult {
  return through.length > 0 ? { verdict: 'succeeded', saw: succeeded(through) } : { verdict: 'withstood', saw: withstood };
}
