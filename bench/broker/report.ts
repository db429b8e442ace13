import { type Spread, spreadOf } from '../gate/figures';
import type { CostLine } from './cost';
import type { BrokerMeasurement } from './measure';
import type { Endpoint } from './stage';

const span = ({ median, least, most }: Spread, digits: number): string => `${median.toFixed(digits)} (${least.toFixed(digits)}–${most.toFixed(digits)})`;
const rule = (head: readonly string[]): readonly string[] => head.map((_, index) => (index === 0 ? '---' : '---:'));
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => [head, rule(head), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** Of each endpoint and number of connections, the median of the rounds with the least and the most; ratios are taken within a round. */
export function report(all: readonly BrokerMeasurement[], endpoints: readonly Endpoint[], connections: readonly number[]): string {
  const fastest = Math.min(...all.map(({ calibration }) => calibration.processorMs));
  const normalised = ({ processorMicros, calibration }: BrokerMeasurement): number => processorMicros * fastest / calibration.processorMs;
  const rows = endpoints.flatMap(({ name }) => connections.map((count) => {
    const own = all.filter((one) => one.endpoint === name && one.connections === count);
    const ratios = own.flatMap((one) => {
      const echo = all.find((other) => other.endpoint === 'echo' && other.connections === count && other.round === one.round);
      return echo === undefined ? [] : [one.requestsPerSecond / echo.requestsPerSecond];
    });
    return [
      name, String(count), span(spreadOf(own.map(({ requestsPerSecond }) => requestsPerSecond)), 0), span(spreadOf(own.map(({ p50Ms }) => p50Ms)), 2), span(spreadOf(own.map(({ p99Ms }) => p99Ms)), 2),
      span(spreadOf(own.map(normalised)), 0), ratios.length === 0 ? '' : span(spreadOf(ratios), 2),
    ];
  }));
  return table(['', 'connections', 'requests/s', 'p50, ms', 'p99, ms', 'CPU µs a request', 'requests/s of echo\'s'], rows);
}

export function costTable(lines: readonly CostLine[]): string {
  return table(['A million checkouts', 'US$'], lines.map(({ what, dollars }) => [what, dollars.toFixed(2)]));
}
