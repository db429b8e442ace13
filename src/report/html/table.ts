import { FAMILIES } from '../../controls';
import { TONES } from '../cells';
import { COLUMNS, type ControlRow } from '../join';
import { COLUMN_TITLES } from '../summary';
import { evidenceOf } from './evidence';
import { html, type Html } from './html';
import { badge, MARKS, TONE_NAMES } from './parts';

/** The names of `data-…` attributes, which know no capitals. */
const DATA_NAMES = new Map(COLUMNS.map((column) => [column, column.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)]));

const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const;

/** Hidden until the script takes it out: without one it would do nothing. */
export function filters(): Html {
  const option = (value: string, text = value): Html => html`<option value="${value}">${text}</option>`;
  return html`<form id="filters" class="card" role="search" aria-label="Filter the controls" hidden>
<label class="wide">Text<input type="search" name="text" autocomplete="off" placeholder="words, an id, a resource"></label>
<label>Family<select name="family">${option('', 'all')}${FAMILIES.map(({ title }) => option(title))}</select></label>
<label>Severity<select name="severity">${option('', 'all')}${SEVERITIES.map((severity) => option(severity))}</select></label>
<label>Column<select name="column" id="column">${option('', 'any')}${COLUMNS.map((column) => option(DATA_NAMES.get(column) ?? '', COLUMN_TITLES[column]))}</select></label>
<label>State<select name="state">${option('', 'any')}${option('some', 'any verdict')}${TONES.map((tone) => option(tone, `${MARKS[tone]} ${TONE_NAMES[tone]}`))}</select></label>
<button type="reset">Reset</button><button type="button" id="open-all" aria-pressed="false">Open all evidence</button>
</form>`;
}

/** On a phone its parts are laid out as blocks, which would take their meaning away: so the roles are written out. */
export function controlsTable(rows: readonly ControlRow[]): Html {
  return html`<p id="count" role="status">${rows.length} controls</p>
<table class="controls" role="table" aria-labelledby="controls">
<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Control</th>${COLUMNS.map((column) => html`<th role="columnheader" scope="col">${COLUMN_TITLES[column]}</th>`)}</tr></thead>
${FAMILIES.map(({ title }) => html`<tbody role="rowgroup">
<tr class="family" role="row"><th role="rowheader" scope="rowgroup" colspan="${COLUMNS.length + 1}">${title}</th></tr>
${rows.filter((row) => row.family === title).map(controlRows)}</tbody>
`)}</table>`;
}

function controlRows(row: ControlRow): Html {
  const evidence = evidenceOf(row);
  // Most of the list is not built yet: what is silent in every column stands back.
  const silent = COLUMNS.every((column) => row[column].tone === 'none') ? html` class="silent"` : undefined;
  const data = COLUMNS.map((column) => html` data-${DATA_NAMES.get(column)}="${row[column].tone}"`);
  return html`<tr id="${row.control}"${silent} role="row" data-control="${row.control}" data-family="${row.family}" data-severity="${row.severity}"${data}>
<th role="rowheader" scope="row"><a class="id" href="#${row.control}">${row.control}</a><span class="severity ${row.severity}">${row.severity}</span><span class="title">${row.title}</span></th>
${COLUMNS.map((column) => html`<td role="cell" data-label="${COLUMN_TITLES[column]}">${badge(row[column].tone, saying(row, column))}</td>`)}
</tr>${evidence === undefined ? undefined : html`<tr class="more" role="row"><td role="cell" colspan="${COLUMNS.length + 1}">${evidence}</td></tr>`}
`;
}

/** A control that is looked at in part says so where it is green, not only where somebody unfolds it. */
function saying(row: ControlRow, column: (typeof COLUMNS)[number]): string {
  const { extents } = row.checked;
  return column === 'checked' && row.checked.verdict === 'passed' && extents.length > 0 ? `${row.checked.says}, only ${extents.join('; ')}` : row[column].says;
}
