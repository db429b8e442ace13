import type { Finding, Judgement } from '../checks/finding';
import { RULES } from '../checks/rules';
import type { ControlId } from '../controls';
import type { AttackRecord, Evidence, EvidenceClass, ProofRecord } from '../drill/evidence';
import type { AttackedCell, CheckedCell, ReadBackCell, TypedCell } from './cells';
import type { JudgedResource } from './judged-resources';
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

/** Good only where every attack of this class was withstood and, as far as it was tried, none of them is blind to a missing protection. */
export function attackedCell(control: ControlId, evidence: Evidence | undefined, of: EvidenceClass): AttackedCell {
  const attacks = evidence?.attacks.filter((record) => record.control === control && record.evidence === of) ?? [];
  const proofs = evidence?.proofs.filter(({ attack }) => attacks.some((record) => record.attack === attack)) ?? [];
  const cell = (verdict: AttackedCell['verdict'], tone: AttackedCell['tone'], says: string): AttackedCell => ({ tone, verdict, says, attacks, proofs });
  if (evidence === undefined) return cell('not-attacked', 'none', 'not attacked: run `cdk-secure-core drill`');
  if (attacks.length === 0) return cell('no-attack', 'none', 'no attack');
  const among = (verdict: AttackRecord['verdict']): number => attacks.filter((record) => record.verdict === verdict).length;
  const all = count(attacks.length, 'attack');
  if (among('succeeded') > 0) return cell('succeeded', 'bad', `${among('succeeded')} of ${all} succeeded`);
  if (among('inconclusive') > 0) return cell('inconclusive', 'open', `${among('inconclusive')} of ${all} inconclusive`);
  const blind = proofs.filter(({ verdict }) => verdict === 'withstood' || verdict === 'inconclusive').length;
  if (blind > 0) return cell('unproven', 'open', `withstood ${all}, but ${count(blind, 'proof')} failed`);
  return cell('withstood', 'good', `withstood ${all}; ${provenIn(attacks, proofs)}`);
}

function provenIn(attacks: readonly AttackRecord[], proofs: readonly ProofRecord[]): string {
  if (proofs.length === 0) return 'proofs not run';
  const able = new Set(proofs.filter(({ verdict }) => verdict === 'succeeded').map(({ attack }) => attack));
  const names = new Set(attacks.map(({ attack }) => attack));
  return able.size === names.size ? 'proven able to succeed' : `${able.size} of ${names.size} proven able to succeed`;
}

export function readBackCell(control: ControlId, evidence: Evidence | undefined): ReadBackCell {
  const records = evidence?.readbacks.filter((record) => record.control === control) ?? [];
  const cell = (verdict: ReadBackCell['verdict'], tone: ReadBackCell['tone'], says: string): ReadBackCell => ({ tone, verdict, says, records });
  const among = (verdict: (typeof records)[number]['verdict']): number => records.filter((record) => record.verdict === verdict).length;
  if (evidence === undefined) return cell('not-read', 'none', 'not read back');
  if (records.length === 0) return cell('no-claim', 'none', 'no claim');
  if (among('different') > 0) return cell('different', 'bad', `${among('different')} of ${records.length} different`);
  if (among('same') === 0) return cell('not-held', 'none', `${among('not-held')} not held by the emulator`);
  if (among('not-held') > 0) return cell('partly-held', 'open', `${among('same')} same, ${among('not-held')} not held`);
  return cell('same', 'good', `${among('same')} same`);
}
