import type { Paint } from '../../report/paint';
import type { Checked, CheckedCertificate } from './checked';

const MARKS = { ok: '✓', wrong: '✗', note: '·' } as const;

/** One block a certificate, one line a check. */
export function certText(certificates: readonly CheckedCertificate[], madeByStack: readonly string[], paint: Paint): string {
  const blocks = [
    ...certificates.map(({ arn, checks }) => [paint.bold(arn), ...lines(checks, paint)]),
    ...madeByStack.map((place) => [`${place} is made by the deployment itself: ACM has nothing to say about it yet.`]),
  ];
  return `${blocks.map((block) => block.join('\n')).join('\n\n')}\n`;
}

function lines(checks: readonly Checked[], paint: Paint): string[] {
  const width = Math.max(...checks.map(({ check }) => check.length));
  const colors = { ok: paint.green, wrong: paint.red, note: paint.dim };
  return checks.map(({ check, verdict, says }) => `${colors[verdict](MARKS[verdict])} ${check.padEnd(width)}  ${says}`);
}
