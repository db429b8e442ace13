import type { Figure, Figures, Spread } from './figures';
import { GOALS } from './goals';
import { CONNECTIONS } from './measure';
import type { PeerName } from './peers/peer';

const span = ({ median, least, most }: Spread, digits: number): string => `${median.toFixed(digits)} (${least.toFixed(digits)}–${most.toFixed(digits)})`;
const requests: Figure = ({ requestsPerSecond }) => requestsPerSecond;
const [p50, p99]: readonly [Figure, Figure] = [({ p50Micros }) => p50Micros / 1000, ({ p99Micros }) => p99Micros / 1000];

/** As it can be pasted into a document, and read as it is. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(3, title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const aligned = (cell: string, column: number): string => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0));
  const line = (cells: readonly string[]): string => `| ${cells.map(aligned).join(' | ')} |`;
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [head, rule, ...rows].map(line).join('\n');
}

/** The whole as Markdown: goals and ratios, then figures, then how far to trust them. */
export function report(figures: Figures, peers: readonly PeerName[]): string {
  const ofOurs = ['Goals (median of the rounds, with the least and the most):', '', goals(figures), '', 'Ours beside the others, at 32 connections:', '', ratios(figures, peers), ''];
  return [
    ...(figures.has('ours') ? ofOurs : []),
    ...CONNECTIONS.flatMap((connections) => [`At ${connections} connection${connections === 1 ? '' : 's'}:`, '', absolute(figures, peers, connections), '']),
    noise(figures),
  ].join('\n');
}

function goals(figures: Figures): string {
  return markdownTable(['', 'measured', 'goal', ''], GOALS.map(({ title, needs, measured, isMet, limit, digits }) => {
    const missing = needs.find((peer) => !figures.has(peer));
    if (missing !== undefined) return [title, '-', limit, `not measured: no ${missing}`];
    const spread = measured(figures);
    return [title, span(spread, digits), limit, isMet(spread.median) ? 'met' : 'MISSED'];
  }));
}

function ratios(figures: Figures, peers: readonly PeerName[]): string {
  return markdownTable(['', 'CPU/request', 'req/s', 'p50', 'p99'], peers.filter((peer) => peer !== 'ours' && peer !== 'direct').map((peer) => [
    `ours / ${peer}`,
    span(figures.ratio('ours', peer, 32, figures.normalised), 2),
    ...[requests, p50, p99].map((figure) => span(figures.ratio('ours', peer, 32, figure), 2)),
  ]));
}

function absolute(figures: Figures, peers: readonly PeerName[], connections: typeof CONNECTIONS[number]): string {
  return markdownTable(['', 'CPU µs/request', 'of it Redis', 'req/s', 'p50 ms', 'p99 ms', 'RSS MB', 'wrk CPU'], peers.map((peer) => {
    const of = (figure: Figure): Spread => figures.of(peer, connections, figure);
    return [
      peer,
      ...(peer === 'direct' ? ['-', '-'] : [span(of(figures.normalised), 0), of(({ redisMicros }) => redisMicros).median.toFixed(0)]),
      span(of(requests), 0),
      span(of(p50), 2),
      span(of(p99), 2),
      peer === 'direct' ? '-' : of(({ residentBytes }) => residentBytes / 1e6).median.toFixed(0),
      `${(100 * of(({ generatorShare }) => generatorShare).median).toFixed(0)}%`,
    ];
  }));
}

function noise(figures: Figures): string {
  const { processor, wall } = figures.calibration;
  return `The machine: a fixed piece of work took ${span(processor, 1)} ms of processor time and ${span(wall, 1)} ms in all. CPU figures are normalised to its fastest.`;
}
