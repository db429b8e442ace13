import type { ControlId } from '../controls';
import type { NotEmulated, Place } from './edge/model';

/**
 * How much an attack proves. *Real artefact*: what was attacked is what a deployment runs (the gate's code, a Lambda, a file of the
 * assembly). *Template's intent*: it was attacked through an imitation built from the template, so it proves the template and our
 * reading of AWS. The two are never merged.
 */
export type EvidenceClass = 'real-artefact' | 'template-intent';

/** `inconclusive` is what an attack ends as that could not be carried out: never a success of either side. */
export type AttackVerdict = 'withstood' | 'succeeded' | 'inconclusive';

export interface AttackRecord {
  /** Such as `TLS-2.old-versions`. */
  readonly attack: string;
  readonly control: ControlId;
  readonly evidence: EvidenceClass;
  readonly tries: string;
  readonly expects: string;
  readonly target: Place;
  readonly verdict: AttackVerdict;
  /** One sentence. */
  readonly saw: string;
  /** What went over the wire, line by line, secrets masked. */
  readonly transcript: readonly string[];
}

/** An attack with a protection taken away: it must succeed, or it proves nothing. */
export interface ProofRecord {
  readonly attack: string;
  readonly control: ControlId;
  readonly saboteur: string;
  /** `not-applicable`: the template has nothing to take away, and the attack nothing to prove. */
  readonly verdict: AttackVerdict | 'not-applicable';
  readonly saw: string;
}

/** Claims of one control, read back from the emulator. */
export interface ReadbackRecord {
  readonly control: ControlId;
  readonly place: Place;
  readonly type: string;
  readonly property: string;
  /** `not-held`: the engine is known not to keep it (src/drill/readback/not-held.ts), with the reason in `saw`. */
  readonly verdict: 'same' | 'different' | 'not-held';
  readonly saw: string;
}

export interface TemplateDigest {
  readonly stack: string;
  /** Relative to the assembly. */
  readonly file: string;
  readonly sha256: string;
}

/** Code that was attacked as a deployment runs it. */
export interface ArtefactRecord {
  /** What runs it. */
  readonly place: Place;
  readonly name: string;
  readonly sha256: string;
  /** Whether it is one of the assembly's own assets; otherwise the package's own took the place of an image that is kept elsewhere. */
  readonly deployed: boolean;
}

/** A template's parameter that somebody chose a value for. */
export interface ChosenParameter {
  readonly name: string;
  /** Absent where the template declares it secret (`NoEcho`): such a value is kept nowhere. */
  readonly value?: string;
}

/** What `drill` writes to `<cdk.out>/secure-core/evidence.json` and `report` reads. */
export interface Evidence {
  readonly version: 1;
  readonly templates: readonly TemplateDigest[];
  /** What the templates were deployed with; nothing where every parameter had its default. */
  readonly parameters: readonly ChosenParameter[];
  /** Names and versions of what stood in for AWS, such as `envoy 1.40.0`. */
  readonly engines: readonly string[];
  readonly attacks: readonly AttackRecord[];
  readonly proofs: readonly ProofRecord[];
  readonly readbacks: readonly ReadbackRecord[];
  readonly notEmulated: readonly NotEmulated[];
  /** Absent where the templates run no code of this package's in a container. */
  readonly artefacts?: readonly ArtefactRecord[];
  /** Attacks for which the templates have no target, each with the reason. */
  readonly noTarget: readonly { readonly attack: string; readonly control: ControlId; readonly reason: string }[];
}
