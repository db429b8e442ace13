import { sentenceOf } from '../profiles/variables/judge';
import type { Paint } from '../report/paint';
import type { Answer, Answered, Complaint } from './check-environment';

const UNSAID = {
  'template': 'see the template',
  'operator': 'ask the operator',
  'left-out': 'left out, as it may be',
  'let-pass': 'a developer\'s machine may',
  'from-shell': 'the shell fills it in',
} as const;

/** What tells by itself how to put it right. */
const TELLS_ALL = /^(has|have) to |^must /;

/** The checklist with its boxes, then what no item is about, then how many of the items that a file can answer hold. */
export function checklistText(answered: readonly Answered[], others: readonly Complaint[], paint: Paint): string {
  const count = (kind: Answer['kind']): number => answered.filter(({ answer }) => answer.kind === kind).length;
  const [holds, broken] = [count('holds'), count('broken')];
  const total = `${holds} of ${holds + broken}`;
  const closing = `${(broken === 0 ? paint.green : paint.red)(total)} ${paint.dim(`that a file can answer; it says nothing of ${count('unsaid')} more`)}`;
  const rest = others.length === 0 ? [] : ['', 'Beside the checklist:', ...others.flatMap((complaint) => complaintLines(complaint, paint))];
  return `${[...answered.flatMap((one) => itemLines(one, paint)), ...rest, '', closing].join('\n')}\n`;
}

function itemLines({ item: { row, title }, answer }: Answered, paint: Paint): readonly string[] {
  switch (answer.kind) {
    case 'holds': return [`${paint.green('[x]')} ${row} ${title}`];
    case 'unsaid': return [paint.dim(`[?] ${row} ${title} (${UNSAID[answer.because]})`)];
    case 'broken': return [`${paint.bold('[ ]')} ${row} ${title}`, ...answer.complaints.flatMap((complaint) => complaintLines(complaint, paint))];
  }
}

function complaintLines(complaint: Complaint, paint: Paint): readonly string[] {
  const { control, says, severity, fix } = complaint;
  const line = `    ${(severity === 'warning' ? paint.yellow : paint.red)(control)} ${sentenceOf(complaint)}`;
  return TELLS_ALL.test(says) ? [line] : [line, `          ${paint.cyan('fix')} ${fix}`];
}
