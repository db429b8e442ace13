import { RULES } from '../../checks/rules';
import { CONTROL_IDS, type ControlId, CONTROLS } from '../../controls';
import { EVERY_ATTACK } from '../../drill/every-attack';
import { type Column, COLUMNS, type ControlAnswers, no, type RowAnswer, type RowAnswers, type Words } from './answer';
import { DOCUMENTS, type DocumentId, type RowId } from './rows';
import { rulesOfVariables } from './told';

/** Something that stands for a control: an unsafe program, a rule or an attack. */
export interface Artefact {
  readonly id: string;
  readonly controls: readonly string[];
}

/** An unsafe program that does not compile: known by its header, so that a page needs no compiler. */
export type Program = Artefact;

/** One answer. */
export interface Cell {
  readonly kind: 'artefact' | Words['kind'];
  readonly names: readonly string[];
  /** Beside names: how far they go, and what is not built. Without any: everything that is said. */
  readonly texts: readonly string[];
}

/** One row of the catalogue with its three answers. */
export interface CoveredRow {
  readonly id: RowId;
  readonly asks: string;
  readonly controls: readonly ControlId[];
  readonly cells: Readonly<Record<Column, Cell>>;
}

/** What is said where there is no artefact. */
export interface Answers {
  readonly ofControls: ControlAnswers;
  readonly ofRows: RowAnswers;
}

export type Artefacts = Readonly<Record<Column, readonly Artefact[]>>;

/** What there is today. */
export function artefactsOf(programs: readonly Program[]): Artefacts {
  const single = ({ id, control }: { readonly id: string; readonly control: string }): Artefact => ({ id, controls: [control] });
  return { typed: programs, checked: RULES.map(single), attacked: EVERY_ATTACK.map(single) };
}

export function rowsOf(document: DocumentId): (readonly [RowId, string])[] {
  return Object.entries(DOCUMENTS[document].rows) as [RowId, string][];
}

export function controlsOf(row: RowId): ControlId[] {
  return CONTROL_IDS.filter((id) => CONTROLS[id].sources.includes(row));
}

/** What is said of a control: here, or in the checklist itself. */
export function wordsOf(control: ControlId, column: Column, { ofControls }: Answers): Words | undefined {
  const { unchecked, unattacked } = CONTROLS[control];
  const own = { typed: undefined, checked: unchecked, attacked: unattacked }[column];
  return ofControls[control]?.[column] ?? (own === undefined ? undefined : no(own));
}

/** The artefacts of a row's controls, and the rules of its variables. What is called after a profile is about the rows of that profile's document alone. */
export function namesOf(row: RowId, column: Column, artefacts: Artefacts): Artefact[] {
  const controls: readonly string[] = controlsOf(row);
  const others = Object.entries(DOCUMENTS).filter(([id]) => !row.startsWith(id)).map(([, { profile }]) => `-${profile}-`);
  const told = column === 'checked' ? rulesOfVariables(row) : new Set<string>();
  const isOf = ({ id, controls: own }: Artefact): boolean => told.has(id) || own.some((control) => controls.includes(control));
  return artefacts[column].filter((one) => isOf(one) && !others.some((profile) => `-${one.id}-`.includes(profile)));
}

/** The rows of a document with their answers. Throws where a cell has none. */
export function cover(document: DocumentId, artefacts: Artefacts, answers: Answers): CoveredRow[] {
  return rowsOf(document).map(([id, asks]) => {
    const cells = Object.fromEntries(COLUMNS.map((column) => [column, cellOf(id, column, artefacts, answers)])) as Record<Column, Cell>;
    return { id, asks, controls: controlsOf(id), cells };
  });
}

function cellOf(row: RowId, column: Column, artefacts: Artefacts, answers: Answers): Cell {
  const { without = [], also = [], says, note }: RowAnswer = answers.ofRows[row]?.[column] ?? {};
  const all = namesOf(row, column, artefacts);
  const left = all.filter(({ id, controls }) => !without.includes(id) && !controls.some((control) => without.includes(control)));
  const names = [...left.map(({ id }) => id), ...also];
  const bare = controlsOf(row).filter((control) => !without.includes(control) && !all.some(({ controls }) => controls.includes(control)));
  const said = bare.flatMap((control) => wordsOf(control, column, answers) ?? []);
  if (names.length > 0) return { kind: 'artefact', names, texts: [...note === undefined ? [] : [note], ...textsOf(said.filter(({ kind }) => kind === 'not built'))] };
  const words = says ? [says] : said;
  const kind = KINDS.find((one) => words.some((word) => word.kind === one));
  if (kind === undefined) throw new Error(`Row ${row} has no answer to "${column}": say in catalogue/answers why there is none.`);
  return { kind, names, texts: textsOf(KINDS.flatMap((one) => words.filter((word) => word.kind === one))) };
}

/** The best comes first: a row counts as what the best of its controls has. */
const KINDS: readonly Words['kind'][] = ['derived', 'reason', 'not built'];

const SPOKEN: Readonly<Record<Words['kind'], string>> = { 'derived': 'derived', 'reason': 'no', 'not built': 'not built yet' };

function textsOf(words: readonly Words[]): string[] {
  return [...new Set(words.map(({ kind, text }) => `${SPOKEN[kind]}: ${text}`))];
}
