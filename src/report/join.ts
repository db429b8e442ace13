import type { Finding, Judgement } from '../checks/finding';
import { CONTROL_IDS, type ControlId, CONTROLS, type ControlSeverity, FAMILIES } from '../controls';
import type { Evidence, EvidenceClass, TemplateDigest } from '../drill/evidence';
import { type AttackedCell, type CheckedCell, type ReadBackCell, type Tone, TONES, type TypedCell } from './cells';
import { attackedCell, checkedCell, readBackCell, typedCell, type TypedProof } from './judge-cells';
import type { JudgedResource } from './judged-resources';
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
  readonly resources: number;
  readonly rows: readonly ControlRow[];
  /** How many controls of the list have which tone in which column. */
  readonly totals: Readonly<Record<Column, Readonly<Record<Tone, number>>>>;
  readonly paths: readonly DrawnPath[];
  readonly drill?: {
    readonly engines: readonly string[];
    readonly proofs: number;
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
    resources: judgement.resources,
    rows,
    totals: Object.fromEntries(COLUMNS.map((column) => [column, tonesOf(rows, column)])) as Report['totals'],
    paths: input.paths.map((path) => ({ ...path, controls: controlsAlong(path, input) })),
    ...(evidence ? { drill: { engines: evidence.engines, proofs: evidence.proofs.length, notEmulated: evidence.notEmulated } } : {}),
    ...(typed.programs ? { typedAgainst: { library: typed.programs.library, compiler: typed.programs.compiler, digest: typed.programs.digest } } : {}),
    unreadable: judgement.findings.filter((finding) => !isShownInARow(finding)),
    acknowledgedUnreadable: judgement.acknowledged.filter((finding) => !isShownInARow(finding)),
    unjudgedTypes: judgement.unjudgedTypes,
  };
}

function rowOf(control: ControlId, family: string, { judgement, judged, typed, evidence }: ReportInput): ControlRow {
  const attacked = (of: EvidenceClass): AttackedCell => attackedCell(control, evidence, of);
  return {
    control,
    family,
    title: CONTROLS[control].title,
    severity: CONTROLS[control].severity,
    typed: typedCell(control, judged.get(control) ?? [], typed),
    checked: checkedCell(control, judgement),
    attackedRealArtefact: attacked('real-artefact'),
    attackedTemplateIntent: attacked('template-intent'),
    readBack: readBackCell(control, evidence),
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
