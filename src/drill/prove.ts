import type { Template } from '../checks/template/template';
import type { Attack, AttackTarget, Saboteur } from './attack';
import { carriedOut, type Outcome, untilSuccess } from './attempted';
import type { EdgeModel } from './edge/model';
import type { ProofRecord } from './evidence';
import { GATE_BYPASSED } from './gate/saboteurs';
import { isReached, samePlace } from './gate/translate';
import { messageOf } from './message-of';
import { overlay } from './overlay';
import { patient } from './patience';
import { fromManyAddresses, type OpenScene } from './run-attacks';
import type { Scene } from './scene';
import { grouped, notBroughtUp, proofsOf, type Trial, type TrialGroup, trialsOf } from './trials';

/** Where weakened templates come to life. */
export interface ProvingGround {
  translate(templates: readonly Template[]): EdgeModel;
  /** Starts a fresh edge. */
  start(model: EdgeModel): Promise<{ readonly open: OpenScene; stop(): Promise<void> }>;
}

/** An edge mostly waits: for handshakes, for silence, for a scanner. */
const EDGES_AT_ONCE = 4;

/** As many attackers of one edge as keep a machine busy. */
const TRIALS_AT_ONCE = 6;

/**
 * Takes one protection out of the templates after the other and requires that the matching attack then succeeds: one that cannot is
 * worth nothing. No legitimate request is needed here, since a success of the attacker is a proof by itself.
 */
export async function prove(attacks: readonly Attack[], templates: readonly Template[], ground: ProvingGround): Promise<ProofRecord[]> {
  const good = ground.translate(templates);
  const trials = trialsOf(attacks);
  const outcomes = new Map<Trial<Attack>, Outcome>();
  // Whoever has most to do begins, or the others would wait for him at the end.
  const longestFirst = grouped(trials, good, (trial) => weakenedFor(trial, templates)).sort((one, other) => other.trials.length - one.trials.length);
  await eachOf(longestFirst, EDGES_AT_ONCE, async (group) => {
    for (const [trial, outcome] of await proveGroup(group, good, ground)) outcomes.set(trial, outcome);
  });
  return proofsOf(trials, outcomes);
}

async function proveGroup({ templates, trials }: TrialGroup<Attack>, good: EdgeModel, ground: ProvingGround): Promise<[Trial<Attack>, Outcome][]> {
  let edge: Awaited<ReturnType<ProvingGround['start']>> | undefined;
  try {
    const weak = ground.translate(templates);
    edge = await ground.start(weak);
    const { open } = edge;
    const outcomes: [Trial<Attack>, Outcome][] = [];
    await eachOf(trials, isNobodyDisturbed(trials, weak) ? TRIALS_AT_ONCE : 1, async (trial) => {
      outcomes.push([trial, await proveTrial(trial, good, open)]);
    });
    return outcomes;
  } catch (error) {
    return trials.map((trial) => [trial, notBroughtUp(messageOf(error))]);
  } finally {
    await edge?.stop();
  }
}

/** Attacks on a gate that nobody meets any more have nothing in common that one could change under the other: no budgets, no locks, no store. */
function isNobodyDisturbed(trials: readonly Trial<Attack>[], weak: EdgeModel): boolean {
  return trials.every(({ attack }) => attack.evidence === 'real-artefact') && !(weak.gates ?? []).some((gate) => isReached(weak, gate));
}

async function eachOf<T>(items: readonly T[], atOnce: number, work: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values();
  const worker = async (): Promise<void> => {
    for (const item of waiting) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

/** Attacks what the good templates promise: where a promise is gone, the weakened ones no longer say what to attack. */
function proveTrial({ attack }: Trial<Attack>, good: EdgeModel, open: OpenScene): Promise<Outcome> {
  return untilSuccess(attack.targets(good), (target) => carriedOut(attack, target, asItIsNow(patient(fromManyAddresses(open([]))))));
}

/** A scene in which the listeners of the good model are met as they are after the sabotage. What is legitimate remains what the good one asks for. */
function asItIsNow(scene: Scene): Scene {
  const now = ({ place }: AttackTarget['listener']): AttackTarget['listener'] => {
    const found = scene.model.listeners.find(({ place: other }) => other.stack === place.stack && other.logicalId === place.logicalId);
    if (found === undefined) throw new Error(`The weakened templates have no listener ${place.stack}/${place.logicalId}.`);
    return found;
  };
  return overlay(scene, {
    send: (listener, request) => scene.send(now(listener), request),
    open: (listener, request) => scene.open(now(listener), request),
    sendRaw: (listener, bytes, options) => scene.sendRaw(now(listener), bytes, options),
    address: (listener) => scene.address(now(listener)),
    lockDown: (listener, isLocked) => scene.lockDown(now(listener), isLocked),
    hop: (listener, rule) => {
      const there = now(listener);
      return scene.hop(there, there.rules.find(({ place, priority }) => samePlace(place, rule.place) && priority === rule.priority) ?? rule);
    },
  });
}

/** A gate refuses most of what its load balancer ought to have refused, so what the load balancer's protections are worth shows only without it. */
function weakenedFor({ attack, saboteur }: Trial<Attack>, templates: readonly Template[]): Template[] | undefined {
  const weakened = sabotaged(templates, saboteur);
  return attack.evidence === 'real-artefact' ? weakened : weakened && (sabotaged(weakened, GATE_BYPASSED) ?? weakened);
}

/** Every template without the protection, nested ones too; undefined where none has it. */
export function sabotaged(templates: readonly Template[], saboteur: Saboteur): Template[] | undefined {
  const after = templates.map((template) => weakenedOf(template, saboteur));
  return after.some((template) => template !== undefined) ? templates.map((template, index) => after[index] ?? template) : undefined;
}

function weakenedOf(template: Template, saboteur: Saboteur): Template | undefined {
  const body = saboteur.sabotage(template.body);
  const children = [...template.nested ?? []].map(([logicalId, child]) => ({ logicalId, child, after: weakenedOf(child, saboteur) }));
  if (body === undefined && children.every(({ after }) => after === undefined)) return undefined;
  return {
    ...template,
    body: body ?? template.body,
    ...(template.nested && { nested: new Map(children.map(({ logicalId, child, after }) => [logicalId, after ?? child])) }),
  };
}
