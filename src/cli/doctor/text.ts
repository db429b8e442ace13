import type { Paint } from '../../report/paint';
import { listed } from '../../listed';
import type { Answer, Answered } from './checklist';
import type { Diagnosis, Examined } from './doctor';
import type { Result } from './examine';
import { ITEM_NAMES, type ItemName, ITEMS } from './items';
import type { Complaint } from './variables';

const UNANSWERED: Readonly<Record<Exclude<Answer['verdict'], 'ok' | 'wrong' | 'unknown'>, string>> = {
  'yours': 'yours to do',
  'left-out': 'left out, as it may be',
  'unasked': 'not looked at here: see the template',
  'nothing-there': 'nothing of the kind is deployed',
};
const WIDTH = Math.max(...ITEM_NAMES.map((name) => name.length));
const SHOWN = 8;

/** First each document's checklist with its boxes, then everything else that was looked at, then how much is wrong. */
export function reportText({ examined, results }: Diagnosis, paint: Paint): string {
  const lines = [...examined.flatMap((one) => containerLines(one, paint)), ...itemsOf(results).flatMap(([name, own]) => itemLines(name, own, paint))];
  return `${[...lines, '', closing({ examined, results }, paint)].join('\n')}\n`;
}

function containerLines({ path, profile, complaints, checklist }: Examined, paint: Paint): readonly string[] {
  const named = new Set<string>(checklist.flatMap(({ item }) => item.variables));
  const others = complaints.filter(({ names }) => !names.some((name) => named.has(name)));
  return [
    paint.bold(`${path}, by the checklist of ${profile}`),
    ...checklist.flatMap((one) => answerLines(one, paint)),
    ...others.length === 0 ? [] : ['Beside the checklist:', ...others.map((complaint) => complaintLine(complaint, paint))],
    '',
  ];
}

function answerLines({ item: { row, title }, answer }: Answered, paint: Paint): readonly string[] {
  switch (answer.verdict) {
    case 'ok': return [`${paint.green('[x]')} ${row} ${title}`];
    case 'wrong':
    case 'unknown': {
      const box = answer.verdict === 'wrong' ? paint.red('[ ]') : paint.yellow('[?]');
      const elsewhere = answer.items.length === 0 ? [] : [`      see ${listed(answer.items, SHOWN)}, below`];
      return [`${box} ${row} ${title}`, ...answer.complaints.map((complaint) => complaintLine(complaint, paint)), ...elsewhere];
    }
    default: return [paint.dim(`[?] ${row} ${title} (${UNANSWERED[answer.verdict]})`)];
  }
}

function complaintLine({ control, names, says, verdict }: Complaint, paint: Paint): string {
  const colour = verdict === 'wrong' ? paint.red : paint.yellow;
  // A relation names some of its variables itself.
  return `      ${colour(control)} ${[listed(names.filter((name) => !says.includes(name)), SHOWN), says, verdict === 'unknown' ? '(or was lost by an emulator)' : ''].filter(Boolean).join(' ')}`;
}

function itemsOf(results: readonly Result[]): readonly (readonly [ItemName, readonly Result[]])[] {
  return ITEM_NAMES.map((name) => [name, results.filter(({ item }) => item === name)] as const).filter(([, own]) => own.length > 0);
}

function itemLines(name: ItemName, own: readonly Result[], paint: Paint): readonly string[] {
  const [title, fix] = ITEMS[name];
  const faults = own.flatMap(({ path, judged }) => (typeof judged === 'object' && 'wrong' in judged ? [`${path} ${judged.wrong}`] : []));
  const gaps = own.flatMap(({ path, judged }) => (typeof judged === 'object' && 'unknown' in judged ? [`${path}: ${judged.unknown}`] : []));
  const box = faults.length > 0 ? paint.red('[ ]') : gaps.length > 0 ? paint.yellow('[?]') : paint.green('[x]');
  const well = own.length - faults.length - gaps.length;
  return [
    `${box} ${name.padEnd(WIDTH)}  ${title}${own.length > 1 ? paint.dim(` (${well} of ${own.length})`) : ''}`,
    ...faults.map((fault) => `      ${paint.red('wrong')} ${fault}`),
    ...gaps.map((gap) => `      ${paint.yellow('unknown')} ${gap}`),
    ...faults.length > 0 ? [`      ${paint.cyan('fix')} ${fix}`] : [],
  ];
}

function closing({ examined, results }: Pick<Diagnosis, 'examined' | 'results'>, paint: Paint): string {
  const count = (key: 'wrong' | 'unknown'): number => results.filter(({ judged }) => typeof judged === 'object' && key in judged).length
    + examined.flatMap(({ complaints }) => complaints).filter(({ verdict }) => verdict === key).length;
  const [faults, gaps] = [count('wrong'), count('unknown')];
  const said = faults === 0 ? paint.green('Nothing is wrong') : paint.red(`${faults} wrong`);
  return gaps === 0 ? `${said}.` : `${said}; ${paint.yellow(`${gaps} unknown`)}, which --strict takes for wrong.`;
}
