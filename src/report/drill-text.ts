import type { AttackRecord, Evidence, ProofRecord } from '../drill/evidence';
import type { NotEmulated, Place } from '../drill/edge/model';
import { count } from './judge-cells';
import type { Paint } from './paint';

type Drilled = Omit<Evidence, 'templates' | 'parameters'>;

const MARKS = { withstood: '✓', succeeded: '✗', inconclusive: '?' } as const;

/** More lines would push the next finding off the screen; the evidence and the report have all of them. */
const TRANSCRIPT_LINES = 12;

/** Whether nothing is left that a drill must not end with. */
export function isPassed({ attacks, proofs, readbacks }: Drilled): boolean {
  return attacks.every(({ verdict }) => verdict === 'withstood')
    && proofs.every(({ verdict }) => verdict === 'succeeded' || verdict === 'not-applicable')
    && readbacks.every(({ verdict }) => verdict !== 'different');
}

/** What a drill saw, for a terminal: what withstood in a line, what did not with what is known of it. */
export function drillText(drilled: Drilled, paint: Paint): string {
  const blocks = [attackLines(drilled, paint), proofLines(drilled, paint), readbackLines(drilled, paint), notEmulatedLines(drilled, paint), [closing(drilled, paint)]];
  return `${blocks.filter((lines) => lines.length > 0).map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function attackLines({ attacks, noTarget }: Drilled, paint: Paint): string[] {
  const width = Math.max(0, ...[...attacks, ...noTarget].map(({ attack }) => attack.length));
  return [
    ...attacks.flatMap((record) => attackLine(record, width, paint)),
    ...noTarget.map(({ attack, reason }) => paint.dim(`· ${attack.padEnd(width)}  Not tried. ${reason}`)),
  ];
}

function attackLine({ attack, verdict, target, saw, tries, expects, transcript }: AttackRecord, width: number, paint: Paint): string[] {
  const color = { withstood: paint.green, succeeded: paint.red, inconclusive: paint.yellow }[verdict];
  const line = `${color(MARKS[verdict])} ${attack.padEnd(width)}  ${named(target)}: ${saw}`;
  if (verdict === 'withstood') return [line];
  // What came before is a legitimate request, which was served.
  const attacked = transcript.slice(Math.max(0, transcript.indexOf('The attack')));
  const rest = attacked.length - TRANSCRIPT_LINES;
  return [
    line,
    `    tried    ${tries}`,
    `    expected ${expects}`,
    ...attacked.slice(0, TRANSCRIPT_LINES).map((entry) => paint.dim(`    | ${entry}`)),
    ...(rest > 0 ? [paint.dim(`    … ${count(rest, 'more line')} in the evidence`)] : []),
  ];
}

function proofLines({ proofs }: Drilled, paint: Paint): string[] {
  if (proofs.length === 0) return [];
  const applicable = proofs.filter(({ verdict }) => verdict !== 'not-applicable');
  const failed = applicable.filter(({ verdict }) => verdict !== 'succeeded');
  const idle = proofs.length - applicable.length;
  const head = applicable.length === 0
    ? 'None of the attacks is proven able to succeed: there is no protection here that could be taken away.'
    : `Proofs: with a protection taken away, ${applicable.length - failed.length} of ${count(applicable.length, 'repeated attack')} succeeded${failed.length === 0 ? ', as they must' : ''}.`;
  return [
    applicable.length > 0 && idle > 0 ? `${head} ${count(idle, 'further one')} had nothing to take away here.` : head,
    ...failed.map((record) => proofLine(record, paint)),
  ];
}

/** Blind and broken off are told apart: the one is a defect of the attack, the other settles nothing. */
function proofLine({ attack, saboteur, verdict, saw }: ProofRecord, paint: Paint): string {
  return verdict === 'withstood'
    ? paint.red(`✗ ${attack} proves nothing, for it fails even where ${saboteur}: ${saw}`)
    : paint.yellow(`? ${attack} could not be repeated where ${saboteur}: ${saw}`);
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
  const { attacks, readbacks, noTarget } = drilled;
  const attacked = (verdict: AttackRecord['verdict']): number => attacks.filter((record) => record.verdict === verdict).length;
  const read = (verdict: Evidence['readbacks'][number]['verdict']): number => readbacks.filter((record) => record.verdict === verdict).length;
  const text = [
    `${count(attacks.length, 'attack')}: ${attacked('withstood')} withstood, ${attacked('succeeded')} succeeded, ${attacked('inconclusive')} inconclusive; ${noTarget.length} without a target.`,
    `Read back: ${read('same')} same, ${read('different')} different, ${read('not-held')} not held by the emulator.`,
  ].join('\n');
  return isPassed(drilled) ? paint.green(text) : paint.red(text);
}

function named({ stack, logicalId, constructPath }: Place): string {
  return constructPath ?? `${stack}/${logicalId}`;
}
