import type { Finding, Judgement } from '../checks/finding';
import { CONTROL_IDS, type ControlId, CONTROLS, type ControlSeverity, FAMILIES } from '../controls';
import type { ChosenParameter, Evidence, EvidenceClass, TemplateDigest } from '../drill/evidence';
import { type AttackedCell, type CheckedCell, type ReadBackCell, type Tone, TONES, type TypedCell } from './cells';
import { attackedCell, checkedCell, readBackCell, typedCell, type TypedProof } from './judge-cells';
import type { JudgedResource } from './judged-resources';
import type { KnownAttack } from './known-attack';
import type { Hop, RequestPath, ResourceName } from './request-path-facts';

/** The columns; the two classes of attacks are never one. */
export const COLUMNS = ['typed', 'checked', 'attackedRealArtefact', 'attackedTemplateIntent', 'readBack'] as const;
export type Column = (typeof COLUMNS)[number];

/** Everything there is to say of one control. */
export interface ControlRow {
  readonly control: ControlId;
  readonly family: string;
  readonly title: string;
  readonly severity: ControlSeverity;
  readonly typed: TypedCell;
  readonly checked: CheckedCell;
  readonly attackedRealArtefact: AttackedCell;
  readonly attackedTemplateIntent: AttackedCell;
  readonly readBack: ReadBackCell;
  /** Attacks that the templates offer nothing to. */
  readonly noTarget: Evidence['noTarget'];
}

export interface DrawnPath extends RequestPath {
  /** Controls whose rules, attacks or readbacks are about a resource of the hop. */
  readonly controls: Readonly<Record<Hop, readonly ControlId[]>>;
}

/** What `report --format json` writes and the page shows. */
export interface Report {
  readonly version: 1;
  readonly templates: readonly TemplateDigest[];
  /** What the templates were judged and attacked with; secret values are not in it. */
  readonly parameters: readonly ChosenParameter[];
  readonly resources: number;
  readonly rows: readonly ControlRow[];
  /** How many controls of the list have which tone in which column. */
  readonly totals: Readonly<Record<Column, Readonly<Record<Tone, number>>>>;
  readonly paths: readonly DrawnPath[];
  readonly drill?: {
    readonly engines: readonly string[];
    readonly attacks: number;
    /** Attacks repeated with a protection taken away, and how many of them then succeeded. */
    readonly proofs: { readonly run: number; readonly succeeded: number };
    readonly notEmulated: Evidence['notEmulated'];
  };
  readonly typedAgainst?: { readonly library: string; readonly compiler: string; readonly digest: string };
  /** What no rule could see into: nothing in the list speaks of it. */
  readonly unreadable: readonly Finding[];
  readonly acknowledgedUnreadable: Judgement['acknowledged'];
  readonly unjudgedTypes: readonly string[];
}

export interface ReportInput {
  readonly templates: readonly TemplateDigest[];
  readonly parameters: readonly ChosenParameter[];
  readonly attacks: readonly KnownAttack[];
  readonly judgement: Judgement;
  readonly judged: ReadonlyMap<ControlId, readonly JudgedResource[]>;
  readonly paths: readonly RequestPath[];
  readonly typed: TypedProof;
  readonly evidence?: Evidence;
}

/** Joins what the compiler, the rules and the drill have left behind, control by control. A pure function: the same artefacts, the same report. */
export function joinReport(input: ReportInput): Report {
  const { judgement, evidence, typed } = input;
  const rows = FAMILIES.flatMap((family) => CONTROL_IDS.filter((id) => Object.hasOwn(family.controls, id)).map((control) => rowOf(control, family.title, input)));
  const isShownInARow = (finding: Finding): boolean => rows.some(({ checked }) => [...checked.findings, ...checked.acknowledged].includes(finding));
  return {
    version: 1,
    templates: input.templates,
    parameters: input.parameters,
    resources: judgement.resources,
    rows,
    totals: Object.fromEntries(COLUMNS.map((column) => [column, tonesOf(rows, column)])) as Report['totals'],
    paths: input.paths.map((path) => ({ ...path, controls: controlsAlong(path, input) })),
    ...(evidence ? { drill: drillOf(evidence) } : {}),
    ...(typed.programs ? { typedAgainst: { library: typed.programs.library, compiler: typed.programs.compiler, digest: typed.programs.digest } } : {}),
    unreadable: judgement.findings.filter((finding) => !isShownInARow(finding)),
    acknowledgedUnreadable: judgement.acknowledged.filter((finding) => !isShownInARow(finding)),
    unjudgedTypes: judgement.unjudgedTypes,
  };
}

function drillOf({ engines, attacks, proofs, notEmulated }: Evidence): Report['drill'] {
  const run = proofs.filter(({ verdict }) => verdict !== 'not-applicable');
  return { engines, attacks: attacks.length, proofs: { run: run.length, succeeded: run.filter(({ verdict }) => verdict === 'succeeded').length }, notEmulated };
}

function rowOf(control: ControlId, family: string, { judgement, judged, typed, evidence, attacks }: ReportInput): ControlRow {
  const attacked = (of: EvidenceClass): AttackedCell => attackedCell(control, evidence, of, attacks);
  const checked = checkedCell(control, judgement);
  const attackedRealArtefact = attacked('real-artefact');
  const attackedTemplateIntent = attacked('template-intent');
  const tones = [checked, attackedRealArtefact, attackedTemplateIntent].map(({ tone }) => tone);
  return {
    control,
    family,
    title: CONTROLS[control].title,
    severity: CONTROLS[control].severity,
    typed: typedCell(control, judged.get(control) ?? [], typed),
    checked,
    attackedRealArtefact,
    attackedTemplateIntent,
    readBack: readBackCell(control, evidence, tones.includes('good') && !tones.includes('bad')),
    noTarget: evidence?.noTarget.filter((entry) => entry.control === control) ?? [],
  };
}

function tonesOf(rows: readonly ControlRow[], column: Column): Record<Tone, number> {
  return Object.fromEntries(TONES.map((tone) => [tone, rows.filter((row) => row[column].tone === tone).length])) as Record<Tone, number>;
}

function controlsAlong({ resources }: RequestPath, { judged, evidence }: ReportInput): DrawnPath['controls'] {
  const about = (control: ControlId): readonly ResourceName[] => [
    ...(judged.get(control) ?? []),
    ...(evidence?.attacks.filter((record) => record.control === control).map(({ target }) => target) ?? []),
    ...(evidence?.readbacks.filter((record) => record.control === control).map(({ place }) => place) ?? []),
  ];
  const keys = new Map(CONTROL_IDS.map((control) => [control, new Set(about(control).map(keyOf))]));
  const along = (hop: readonly ResourceName[]): ControlId[] => CONTROL_IDS.filter((control) => hop.some((resource) => keys.get(control)?.has(keyOf(resource))));
  return Object.fromEntries(Object.entries(resources).map(([hop, found]) => [hop, along(found)])) as Record<Hop, ControlId[]>;
}

function keyOf({ stack, logicalId }: ResourceName): string {
  return `${stack}\n${logicalId}`;
}
