import type { Finding, Judgement } from '../checks/finding';
import { RULES } from '../checks/rules';
import type { ControlId } from '../controls';
import type { AttackRecord, Evidence, EvidenceClass, ProofRecord } from '../drill/evidence';
import type { AttackedCell, CheckedCell, ReadBackCell, TypedCell } from './cells';
import type { JudgedResource } from './judged-resources';
import type { KnownAttack } from './known-attack';
import type { OwnConstructs } from './own-constructs';
import type { TypedPrograms } from './typed-programs';

export interface TypedProof {
  /** Undefined where the package has no `typed.json`. */
  readonly programs: TypedPrograms | undefined;
  /** Undefined where the assembly has no `tree.json`. */
  readonly constructs: OwnConstructs | undefined;
}

export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** Typed counts where unsafe programs do not compile *and* the constructs that refuse them made every resource in question. */
export function typedCell(control: ControlId, judged: readonly JudgedResource[], { programs, constructs }: TypedProof): TypedCell {
  const own = programs?.programs.filter(({ controls }) => controls.includes(control)) ?? [];
  const cell = (verdict: TypedCell['verdict'], tone: TypedCell['tone'], says: string, outside: readonly JudgedResource[] = []): TypedCell => ({ tone, verdict, says, programs: own, outside });
  if (programs === undefined) return cell('not-proven', 'none', 'not proven: no typed.json in this package');
  if (own.length === 0) return cell('no-program', 'none', 'no program');
  if (constructs === undefined) return cell('not-proven', 'none', 'not proven: no tree.json in this assembly');
  if (judged.length === 0) return cell('nothing-to-judge', 'none', 'nothing here that its rules are about');
  const versions = judged.map(({ constructPath = '' }) => constructs.versionAround(constructPath));
  const other = versions.find((version) => version !== undefined && version !== programs.library);
  if (other !== undefined) return cell('not-proven', 'none', `not proven: compiled for ${programs.library}, synthesized with ${other}`);
  const outside = judged.filter((_, index) => versions[index] === undefined);
  if (outside.length === judged.length) return cell('not-used', 'none', 'our constructs are not used here', outside);
  if (outside.length > 0) return cell('partly', 'open', `${judged.length - outside.length} of ${count(judged.length, 'resource')}`, outside);
  return cell('everywhere', 'good', `everywhere: ${count(judged.length, 'resource')}`);
}

export function checkedCell(control: ControlId, judgement: Judgement): CheckedCell {
  const own = RULES.filter((rule) => rule.control === control);
  const rules = judgement.tallies.filter((tally) => tally.control === control);
  const isOwn = (finding: Finding): boolean => finding.control === control || own.some(({ id }) => finding.rule === `engine.${id}`);
  const findings = judgement.findings.filter(isOwn);
  const acknowledged = judgement.acknowledged.filter(isOwn);
  const extents = [...new Set(own.flatMap(({ extent }) => extent ?? []))];
  const cell = (verdict: CheckedCell['verdict'], tone: CheckedCell['tone'], says: string): CheckedCell => ({ tone, verdict, says, rules, extents, findings, acknowledged });
  if (rules.length === 0) return cell('no-rule', 'none', 'no rule');
  const undecided = findings.filter(({ rule }) => rule.endsWith('[undecidable]')).length;
  if (findings.length > undecided) return cell('failed', 'bad', `${count(findings.length - undecided, 'finding')}${undecided > 0 ? `, ${undecided} undecidable` : ''}`);
  if (undecided > 0) return cell('undecidable', 'bad', `${undecided} undecidable`);
  if (acknowledged.length > 0) return cell('acknowledged', 'open', `${acknowledged.length} acknowledged`);
  const passed = rules.reduce((sum, { pass }) => sum + pass, 0);
  return passed > 0 ? cell('passed', 'good', `passed ${count(passed, 'time')}`) : cell('nothing-to-judge', 'none', 'nothing here to judge');
}

/**
 * Good only where the evidence accounts for every known attack of this class, each of them was withstood and, as far as that was tried,
 * none is blind to a missing protection.
 */
export function attackedCell(control: ControlId, evidence: Evidence | undefined, of: EvidenceClass, all: readonly KnownAttack[]): AttackedCell {
  const attacks = evidence?.attacks.filter((record) => record.control === control && record.evidence === of) ?? [];
  const proofs = evidence?.proofs.filter(({ attack }) => attacks.some((record) => record.attack === attack)) ?? [];
  const known = all.filter((attack) => attack.control === control && attack.evidence === of);
  const cell = (verdict: AttackedCell['verdict'], tone: AttackedCell['tone'], says: string): AttackedCell => ({ tone, verdict, says, attacks, proofs });
  if (evidence === undefined) return known.length === 0 ? cell('no-attack', 'none', 'no attack') : cell('not-attacked', 'none', 'not attacked: run `cdk-secure-core drill`');
  const among = (verdict: AttackRecord['verdict']): number => attacks.filter((record) => record.verdict === verdict).length;
  const tried = count(attacks.length, 'attack');
  if (among('succeeded') > 0) return cell('succeeded', 'bad', `${among('succeeded')} of ${tried} succeeded`);
  const strange = attacks.find(({ attack }) => !known.some(({ id }) => id === attack));
  if (strange) return cell('incomplete', 'open', `holds ${strange.attack}, which this version does not know: drill again`);
  const missing = known.filter(({ id }) => ![...attacks, ...evidence.noTarget].some(({ attack }) => attack === id));
  if (missing.length > 0) return cell('incomplete', 'open', `${missing.length} of ${count(known.length, 'attack')} missing in the evidence: drill again`);
  if (known.length === 0) return cell('no-attack', 'none', 'no attack');
  if (attacks.length === 0) return cell('no-target', 'none', `nothing here for ${count(known.length, 'attack')}`);
  if (among('inconclusive') > 0) return cell('inconclusive', 'open', `${among('inconclusive')} of ${tried} inconclusive`);
  const blind = proofs.filter(({ verdict }) => verdict === 'withstood' || verdict === 'inconclusive').length;
  if (blind > 0) return cell('unproven', 'open', `withstood ${tried}, but ${count(blind, 'proof')} failed`);
  const unproven = evidence.proofs.length === 0 ? 0 : missingProofs(attacks, proofs, known);
  if (unproven > 0) return cell('incomplete', 'open', `withstood ${tried}, but ${count(unproven, 'proof')} missing in the evidence: drill again`);
  return cell('withstood', 'good', `withstood ${tried}; ${provenIn(attacks, proofs)}`);
}

/** Where proofs were run at all, every attack has one for each of its saboteurs: one left out may be the one that failed. */
function missingProofs(attacks: readonly AttackRecord[], proofs: readonly ProofRecord[], known: readonly KnownAttack[]): number {
  return known.filter(({ id }) => attacks.some(({ attack }) => attack === id))
    .flatMap(({ id, saboteurs }) => saboteurs.filter(({ name }) => !proofs.some(({ attack, saboteur }) => attack === id && saboteur === name))).length;
}

function provenIn(attacks: readonly AttackRecord[], proofs: readonly ProofRecord[]): string {
  if (proofs.length === 0) return 'proofs not run';
  const able = new Set(proofs.filter(({ verdict }) => verdict === 'succeeded').map(({ attack }) => attack));
  const names = new Set(attacks.map(({ attack }) => attack));
  return able.size === names.size ? 'proven able to succeed' : `${able.size} of ${names.size} proven able to succeed`;
}

/**
 * That the emulator holds what a template says is true of unsafe values too: it is good only where something else shows that the control
 * holds, of which it then is the confirmation.
 */
export function readBackCell(control: ControlId, evidence: Evidence | undefined, isShown: boolean): ReadBackCell {
  const records = evidence?.readbacks.filter((record) => record.control === control) ?? [];
  const cell = (verdict: ReadBackCell['verdict'], tone: ReadBackCell['tone'], says: string): ReadBackCell => ({ tone, verdict, says, records });
  const among = (verdict: (typeof records)[number]['verdict']): number => records.filter((record) => record.verdict === verdict).length;
  if (evidence === undefined) return cell('not-read', 'none', 'not read back');
  if (records.length === 0) return cell('no-claim', 'none', 'no claim');
  if (among('different') > 0) return cell('different', 'bad', `${among('different')} of ${records.length} different`);
  if (among('same') === 0) return cell('not-held', 'none', `${among('not-held')} not held by the emulator`);
  const [good, open, suffix] = isShown ? ['good', 'open', ''] as const : ['none', 'none', '; shows nothing by itself'] as const;
  if (among('not-held') > 0) return cell('partly-held', open, `${among('same')} same, ${among('not-held')} not held${suffix}`);
  return cell('same', good, `${among('same')} same${suffix}`);
}
