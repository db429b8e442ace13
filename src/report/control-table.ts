import type { Judgement } from '../checks/finding';
import { RULES } from '../checks/rules';
import { CONTROL_IDS, type ControlId, CONTROLS } from '../controls';
import type { Paint } from './paint';

interface Row {
  readonly control: ControlId;
  readonly pass: number;
  readonly fail: number;
  readonly acknowledged: number;
}

/** What the pack found, control by control; controls that no rule checks yet are counted and not listed. */
export function controlTable(judgement: Judgement, paint: Paint): string {
  const rows = CONTROL_IDS.map((control) => rowOf(control, judgement)).filter((row) => row !== undefined);
  const lines = rows.map((row) => {
    const { severity, title } = CONTROLS[row.control];
    const extent = [...new Set(RULES.filter((rule) => rule.control === row.control).map((rule) => rule.extent ?? ''))].filter((text) => text !== '').join('; ');
    return `${row.control.padEnd(7)} ${severity.padEnd(9)} ${verdict(row, paint)} ${title}${extent ? paint.dim(` (checked: ${extent})`) : ''}`;
  });
  const rest = CONTROL_IDS.length - rows.length;
  return [paint.bold('control severity  checked        title'), ...lines, paint.dim(`${rest} more controls have no rule yet; docs/controls.md lists all ${CONTROL_IDS.length}.`)].join('\n');
}

function rowOf(control: ControlId, { tallies }: Judgement): Row | undefined {
  const own = tallies.filter((tally) => tally.control === control);
  const sum = (pick: (tally: (typeof own)[number]) => number): number => own.reduce((total, tally) => total + pick(tally), 0);
  if (own.length === 0) return undefined;
  return { control, pass: sum((tally) => tally.pass), fail: sum((tally) => tally.fail + tally.undecidable), acknowledged: sum((tally) => tally.acknowledged) };
}

function verdict({ pass, fail, acknowledged }: Row, paint: Paint): string {
  const text = fail > 0 ? `✗ ${fail} of ${pass + fail}` : pass > 0 ? `✓ ${pass}` : '· none here';
  const padded = `${text}${acknowledged > 0 ? ` (${acknowledged} ack.)` : ''}`.padEnd(14);
  return fail > 0 ? paint.red(padded) : pass > 0 ? paint.green(padded) : paint.dim(padded);
}
