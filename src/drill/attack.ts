import type { JsonMap } from '../checks/template/template';
import type { ControlId } from '../controls';
import type { EdgeModel, ListenerModel, RuleModel } from './edge/model';
import type { EvidenceClass } from './evidence';
import type { Scene } from './scene';

/** What an attack came to. `succeeded` is the attacker's success. */
export interface AttackResult {
  readonly verdict: 'withstood' | 'succeeded';
  /** One sentence. */
  readonly saw: string;
}

/** Where an attack is carried out: a listener, and the rule of it that is meant where there is one. */
export interface AttackTarget {
  readonly listener: ListenerModel;
  readonly rule?: RuleModel;
}

/** Takes one protection out of a template. */
export interface Saboteur {
  /** What it does, such as `SslPolicy becomes ELBSecurityPolicy-2016-08`. */
  readonly name: string;
  /** The template without the protection; undefined where it has none to take away. Never alters its argument. */
  sabotage(template: JsonMap): JsonMap | undefined;
}

/** One attempt to break one control: what is attacked, where in it, and what the attacker has in hand there. */
export interface AttackOn<Model, Target, InHand> {
  /** Control and aspect, such as `TLS-2.old-versions`. */
  readonly id: `${ControlId}.${string}`;
  readonly control: ControlId;
  /** What it tries, as a sentence. */
  readonly tries: string;
  /** What must happen, as a sentence. */
  readonly expects: string;
  readonly evidence: EvidenceClass;
  /**
   * Whether others would feel it, or it them: it measures time, or changes what all stacks share. Others are carried out side by side on stacks that have
   * nothing to do with each other.
   *
   * @default false
   */
  readonly isAlone?: boolean;
  /** What it needs to be tried at all, as the end of "the templates have no …". */
  readonly needs: string;
  targets(model: Model): readonly Target[];
  /** Throws where it could not be carried out. */
  run(target: Target, scene: InHand): Promise<AttackResult>;
  /** At least one; with any of them the attack must succeed. */
  readonly saboteurs: readonly [Saboteur, ...Saboteur[]];
}

/** From outside, on the load balancers. */
export type Attack = AttackOn<EdgeModel, AttackTarget, Scene>;

/** An attack is its id and a body; the control is read off the id. */
export function defineAttack(control: ControlId, aspect: string, body: Omit<Attack, 'id' | 'control'>): Attack {
  return { ...body, id: `${control}.${aspect}`, control };
}
