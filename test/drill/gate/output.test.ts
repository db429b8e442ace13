import { GateOutput } from '../../../src/drill/gate/output';

const record = (seq: number): string => `${JSON.stringify({ event: 'audit', seq })}\n`;

test('records are read as they come, in their order, also where a line comes in two pieces', () => {
  const output = new GateOutput();
  output.hear(record(1) + record(2).slice(0, 9), 'stdout');
  expect(output.records().map(({ seq }) => seq)).toEqual([1]);
  output.hear(record(2).slice(9), 'stdout');
  output.hear(record(3), 'stdout');
  expect(output.records().map(({ seq }) => seq)).toEqual([1, 2, 3]);
  expect(output.records().map(({ seq }) => seq)).toEqual([1, 2, 3]);
});

test('what is no record is none: other lines of the gate, other programs\' words, and what stands in the other stream', () => {
  const output = new GateOutput();
  output.hear(`${JSON.stringify({ event: 'audit-mark', seq: 1 })}\n(node:1) Warning\nnull\n`, 'stdout');
  output.hear(record(2), 'stderr');
  expect(output.records()).toEqual([]);
});

test('all that was written is kept, of both streams', () => {
  const output = new GateOutput();
  for (let line = 0; line < 1000; line += 1) output.hear(`line ${line}\n`, line % 2 === 0 ? 'stdout' : 'stderr');
  expect(output.text()).toContain('line 0\n');
  expect(output.text()).toContain('line 999\n');
  expect(output.text().match(/line/g)).toHaveLength(1000);
});
