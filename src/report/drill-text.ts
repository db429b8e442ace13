import type { AttackRecord, Evidence } from '../drill/evidence';
import type { NotEmulated, Place } from '../drill/edge/model';
import type { Paint } from './paint';

type Drilled = Omit<Evidence, 'templates'>;

const MARKS = { withstood: '✓', succeeded: '✗', inconclusive: '?' } as const;

/** Whether nothing is left that a drill must not end with. */
export function isPassed({ attacks, proofs, readbacks }: Drilled): boolean {
  return attacks.every(({ verdict }) => verdict === 'withstood')
    && proofs.every(({ verdict }) => verdict === 'succeeded' || verdict === 'not-applicable')
    && readbacks.every(({ verdict }) => verdict !== 'different');
}

/** What a drill saw, for a terminal: what withstood in a line, what did not with all that is known. */
export function drillText(drilled: Drilled, paint: Paint): string {
  const blocks = [attackLines(drilled, paint), proofLines(drilled, paint), readbackLines(drilled, paint), notEmulatedLines(drilled, paint), [closing(drilled, paint)]];
  return `${blocks.filter((lines) => lines.length > 0).map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function attackLines({ attacks, noTarget }: Drilled, paint: Paint): string[] {
  const width = Math.max(0, ...[...attacks, ...noTarget].map(({ attack }) => attack.length));
  return [
    ...attacks.flatMap((record) => attackLine(record, width, paint)),
    ...noTarget.map(({ attack, reason }) => paint.dim(`· ${attack.padEnd(width)}  ${reason}`)),
  ];
}

function attackLine({ attack, verdict, target, saw, tries, expects, transcript }: AttackRecord, width: number, paint: Paint): string[] {
  const color = { withstood: paint.green, succeeded: paint.red, inconclusive: paint.yellow }[verdict];
  const line = `${color(MARKS[verdict])} ${attack.padEnd(width)}  ${named(target)}: ${saw}`;
  if (verdict === 'withstood') return [line];
  return [line, `    tried   ${tries}`, `    expected ${expects}`, ...transcript.map((entry) => paint.dim(`    | ${entry}`))];
}

function proofLines({ proofs }: Drilled, paint: Paint): string[] {
  const applicable = proofs.filter(({ verdict }) => verdict !== 'not-applicable');
  const failed = applicable.filter(({ verdict }) => verdict !== 'succeeded');
  if (applicable.length === 0) return [];
  return [
    `${applicable.length - failed.length} of ${applicable.length} attacks succeed once their protection is gone, as they must; ${proofs.length - applicable.length} have nothing to take away here.`,
    ...failed.map(({ attack, saboteur, saw }) => paint.red(`✗ ${attack} proves nothing: although ${saboteur}, ${saw}`)),
  ];
}

function readbackLines({ readbacks }: Drilled, paint: Paint): string[] {
  return readbacks.filter(({ verdict }) => verdict === 'different')
    .map(({ control, place, property, saw }) => `${paint.red('✗')} ${control} ${named(place)} ${property} is not what the emulator holds: ${saw}`);
}

function notEmulatedLines({ notEmulated }: Drilled, paint: Paint): string[] {
  const byReason = new Map<string, NotEmulated[]>();
  for (const gap of notEmulated) byReason.set(gap.reason, [...byReason.get(gap.reason) ?? [], gap]);
  if (byReason.size === 0) return [];
  const what = ({ type, property }: NotEmulated): string => (property === '' ? type : `${type} ${property}`);
  return ['Not emulated, and so not proven:', ...[...byReason].map(([reason, gaps]) => paint.dim(`· ${[...new Set(gaps.map(what))].join(', ')}: ${reason}`))];
}

function closing(drilled: Drilled, paint: Paint): string {
  const { attacks, readbacks } = drilled;
  const attacked = (verdict: AttackRecord['verdict']): number => attacks.filter((record) => record.verdict === verdict).length;
  const read = (verdict: Evidence['readbacks'][number]['verdict']): number => readbacks.filter((record) => record.verdict === verdict).length;
  const text = [
    `${attacked('withstood')} withstood, ${attacked('succeeded')} succeeded, ${attacked('inconclusive')} inconclusive;`,
    `read back: ${read('same')} same, ${read('different')} different, ${read('not-held')} not held by the emulator.`,
  ].join(' ');
  return isPassed(drilled) ? paint.green(text) : paint.red(text);
}

function named({ stack, logicalId, constructPath }: Place): string {
  return constructPath ?? `${stack}/${logicalId}`;
}
