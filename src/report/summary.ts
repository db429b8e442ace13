import type { Tone } from './cells';
import { type Column, COLUMNS, type Report } from './join';

export const COLUMN_TITLES: Readonly<Record<Column, string>> = {
  typed: 'Typed',
  checked: 'Checked',
  attackedRealArtefact: 'Attacked: real artefact',
  attackedTemplateIntent: 'Attacked: template’s intent',
  readBack: 'Read back',
};

/** What a report comes to, in three lines. There is no score: columns that prove different things do not add up. */
export function summaryLines({ rows, totals, drill, unreadable }: Report): string[] {
  const counted = (column: Column, tone: Tone): string => `${totals[column][tone]} ${COLUMN_TITLES[column].toLowerCase()}`;
  const columnsWith = (tone: Tone): string => COLUMNS.filter((column) => totals[column][tone] > 0).map((column) => counted(column, tone)).join(', ') || 'none';
  const attacked = drill ? `attacked through ${drill.engines.join(', ')}` : 'not attacked: run `cdk-secure-core drill`';
  return [
    `Of ${rows.length} controls hold: ${COLUMNS.map((column) => counted(column, 'good')).join(', ')}.`,
    `Broken: ${columnsWith('bad')}. Open: ${columnsWith('open')}.${unreadable.length > 0 ? ` Not readable: ${unreadable.length}.` : ''}`,
    `The templates were ${attacked}.`,
  ];
}
