import { Figures, pairedRatios, quartilesOf, spreadOf } from '../../../bench/gate/figures';
import type { Measurement } from '../../../bench/gate/measure';
import { markdownTable, report } from '../../../bench/gate/report';

const measured = (change: Partial<Measurement> = {}): Measurement => ({
  peer: 'ours', round: 1, connections: 32, requestsPerSecond: 100, p50Micros: 1000, p99Micros: 2000, processorMicros: 300, redisMicros: 30, residentBytes: 100e6, generatorShare: 0.1,
  calibration: { processorMs: 50, wallMs: 60 }, ...change,
});
const cpu = ({ processorMicros }: Measurement): number => processorMicros;

describe('some figures', () => {
  test.each([
    [[5, 1, 3], { median: 3, least: 1, most: 5 }],
    [[4, 1, 2, 10], { median: 3, least: 1, most: 10 }],
    [[100, 9, 20], { median: 20, least: 9, most: 100 }],
    [[], { median: Number.NaN, least: Number.NaN, most: Number.NaN }],
  ])('%j have a middle and two ends', (values, spread) => expect(spreadOf(values)).toEqual(spread));

  test('have a middle half, which one of them far off does not move', () => {
    expect(quartilesOf([1, 2, 3, 4, 5])).toEqual({ lower: 2, median: 3, upper: 4 });
    expect(quartilesOf([1, 2, 3, 4, 5000])).toEqual({ lower: 2, median: 3, upper: 4 });
  });
});

describe('a ratio', () => {
  const all = [
    measured({ round: 1, processorMicros: 300 }), measured({ round: 2, processorMicros: 900 }), measured({ round: 3, processorMicros: 10 }),
    measured({ peer: 'nginx', round: 1, processorMicros: 100 }), measured({ peer: 'nginx', round: 2, processorMicros: 300 }),
    measured({ peer: 'nginx', connections: 1, round: 3, processorMicros: 1 }),
  ];
  test('is taken within a round, and a round without the other counts for nobody', () => {
    expect(new Figures(all).ratio('ours', 'nginx', 32, cpu)).toEqual({ median: 3, least: 3, most: 3 });
    expect(pairedRatios([measured({ round: 7 })], [measured({ round: 8 })], cpu)).toEqual([]);
  });
  test('is of processor time on the machine at its best', () => {
    const figures = new Figures([measured({ processorMicros: 300, calibration: { processorMs: 100, wallMs: 1 } }), measured({ peer: 'nginx', processorMicros: 300 })]);
    expect(figures.ratio('ours', 'nginx', 32, figures.normalised).median).toBe(0.5);
  });
  test('has a difference beside it', () => expect(new Figures(all).difference('ours', 'nginx', 32, cpu)).toEqual({ median: 400, least: 200, most: 600 }));
});

describe('the report', () => {
  test('is a table of Markdown, with figures to the right', () => {
    expect(markdownTable(['', 'req/s'], [['ours', '1'], ['nginx', '12']])).toBe(['|       | req/s |', '| ----- | ----: |', '| ours  |     1 |', '| nginx |    12 |'].join('\n'));
  });
  test('says of a goal whom it misses, and judges those that were measured', () => {
    const text = report(new Figures([measured({ processorMicros: 300 }), measured({ peer: 'nginx', processorMicros: 100 })]), ['ours', 'nginx']);
    expect(text).toMatch(/CPU per request, of nginx auth_request's +\| +3\.00 \(3\.00–3\.00\) +\| +at most 1 +\| +MISSED/);
    expect(text).toMatch(/requests per second, of LiteLLM's +\| +- +\| +at least 50 +\| +not measured: no litellm/);
    expect(text).toMatch(/memory \(RSS\) after the load, MB +\| +100 \(100–100\) +\| +at most 150 +\| +met/);
  });
  test('has no goals without the gate', () => expect(report(new Figures([measured({ peer: 'nginx' })]), ['nginx'])).not.toContain('Goals'));
});
