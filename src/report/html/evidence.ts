import { type AcknowledgedFinding, type Finding, sentence } from '../../checks/finding';
import type { AttackRecord, AttackVerdict, ProofRecord, ReadbackRecord } from '../../drill/evidence';
import type { AttackedCell, CheckedCell, Tone, TypedCell } from '../cells';
import { type ControlRow } from '../join';
import { COLUMN_TITLES } from '../summary';
import { html, type Html } from './html';
import { badge, list, place } from './parts';

const ATTACK_TONES: Readonly<Record<AttackVerdict, Tone>> = { withstood: 'good', succeeded: 'bad', inconclusive: 'open' };
/** The other way round: a saboteur whose attack fails has shown that the attack is blind. */
const PROOF_TONES: Readonly<Record<ProofRecord['verdict'], Tone>> = { 'succeeded': 'good', 'withstood': 'open', 'inconclusive': 'open', 'not-applicable': 'none' };
const READBACK_TONES: Readonly<Record<ReadbackRecord['verdict'], Tone>> = { 'same': 'good', 'different': 'bad', 'not-held': 'none' };

/** Everything behind a row; undefined where there is nothing. */
export function evidenceOf(row: ControlRow): Html | undefined {
  const sections = [
    ...typedSections(row.typed),
    ...checkedSections(row.checked),
    ...attackedSections(COLUMN_TITLES.attackedRealArtefact, row.attackedRealArtefact),
    ...attackedSections(COLUMN_TITLES.attackedTemplateIntent, row.attackedTemplateIntent),
    list('Attacks without a target', row.noTarget.map(({ attack, reason }) => html`<code>${attack}</code>: ${reason}`)),
    list(COLUMN_TITLES.readBack, row.readBack.records.map(readbackItem)),
  ].filter((section) => section !== undefined);
  return sections.length === 0 ? undefined : html`<details><summary>Evidence for ${row.control}</summary><div class="evidence">${sections}</div></details>`;
}

function typedSections({ programs, outside }: TypedCell): (Html | undefined)[] {
  return [
    list('Typed: programs that do not compile', programs.map(({ title, code, message }) => html`${title}: <code>${code}</code> ${message}`)),
    programs.length === 0 ? undefined : list('Typed: resources that none of our constructs has made', outside.map((resource) => html`${place(resource)} <span class="soft">${resource.type}</span>`)),
  ];
}

function checkedSections({ rules, extents, findings, acknowledged }: CheckedCell): (Html | undefined)[] {
  const tallies = rules.map(({ rule, pass, fail, undecidable }) => html`<code>${rule}</code>: ${pass} passed, ${fail} failed, ${undecidable} undecidable`);
  return [
    list(`Checked: rules${extents.length > 0 ? ` (only ${extents.join('; ')})` : ''}`, tallies),
    list('Checked: findings', findings.map(findingItem)),
    list('Checked: acknowledged', acknowledged.map(acknowledgedItem)),
  ];
}

export function findingItem(finding: Finding): Html {
  return html`${badge('bad', finding.severity)} <code>${finding.rule}</code> at ${place(finding)}
<dl><dt>Finding</dt><dd>${sentence(finding)}</dd><dt>Fix</dt><dd>${finding.remediation}</dd></dl>`;
}

export function acknowledgedItem(finding: AcknowledgedFinding): Html {
  return html`${badge('open', 'acknowledged')} <code>${finding.rule}</code> at ${place(finding)}<dl><dt>Finding</dt><dd>${sentence(finding)}</dd>
<dt>Reason</dt><dd>${finding.reason} <span class="soft">(at ${finding.acknowledgedAt === '' ? 'the app' : finding.acknowledgedAt})</span></dd></dl>`;
}

function attackedSections(title: string, { attacks, proofs }: AttackedCell): (Html | undefined)[] {
  const notRun = html`<span class="soft">Not run: <code>cdk-secure-core drill --prove</code> takes one protection away and requires that the attack succeeds.</span>`;
  const run = proofs.length > 0 ? proofs.map(proofItem) : attacks.length > 0 ? [notRun] : [];
  return [list(title, attacks.map(attackItem)), list(`${title}, proofs with a protection taken away`, run)];
}

function attackItem({ attack, verdict, tries, expects, saw, target, transcript }: AttackRecord): Html {
  const lines = transcript.length === 0 ? undefined : html`<details><summary>Transcript of ${attack} at ${target.logicalId}</summary>
<pre>${transcript.join('\n')}</pre></details>`;
  return html`${badge(ATTACK_TONES[verdict], verdict)} <code>${attack}</code> at ${place(target)}
<dl><dt>Tries</dt><dd>${tries}</dd><dt>Expects</dt><dd>${expects}</dd><dt>Saw</dt><dd>${saw}</dd></dl>${lines}`;
}

function proofItem({ attack, saboteur, verdict, saw }: ProofRecord): Html {
  return html`${badge(PROOF_TONES[verdict], `attack ${verdict}`)} <code>${attack}</code> with “${saboteur}”: ${saw}`;
}

function readbackItem({ place: at, type, property, verdict, saw }: ReadbackRecord): Html {
  return html`${badge(READBACK_TONES[verdict], verdict)} <code>${property}</code> of ${place(at)} <span class="soft">${type}</span>: ${saw}`;
}
