import { setTimeout as after } from 'node:timers/promises';
import type { Template } from '../../src/checks/template/template';
import { inLanes, lanesOf } from '../../src/drill/lanes';

const giving = (name: string, ...exports: readonly string[]): Template => ({
  name, body: { Outputs: Object.fromEntries(exports.map((each) => [each, { Value: 'x', Export: { Name: `${name}:${each}` } }])) },
});
const taking = (name: string, ...imports: readonly string[]): Template => ({
  name, body: { Resources: Object.fromEntries(imports.map((each, index) => [`Taker${index}`, { Properties: { From: { 'Fn::Sub': ['${x}', { x: { 'Fn::ImportValue': each } }] } } }])) },
});

test('stacks that share nothing are in lanes of their own', () => {
  const laneOf = lanesOf([giving('A', 'One'), giving('B', 'One'), taking('C', 'elsewhere')]);
  expect(new Set(['A', 'B', 'C'].map(laneOf)).size).toBe(3);
});

test('stacks that take from one another are in one lane, over others too and in any order', () => {
  const laneOf = lanesOf([taking('C', 'B:One'), { ...taking('B', 'A:One'), body: { ...taking('B', 'A:One').body, ...giving('B', 'One').body } }, giving('A', 'One'), giving('D')]);
  expect(new Set(['A', 'B', 'C'].map(laneOf)).size).toBe(1);
  expect(laneOf('D')).not.toBe(laneOf('A'));
});

test('two stacks that take from a third are in its lane', () => {
  const laneOf = lanesOf([giving('Shared', 'Network'), taking('One', 'Shared:Network'), taking('Two', 'Shared:Network')]);
  expect([laneOf('One'), laneOf('Two')]).toEqual([laneOf('Shared'), laneOf('Shared')]);
});

test('what is nested in a stack is in its lane', () => {
  const parent: Template = { name: 'Parent', body: {}, nested: new Map([['Child', taking('Parent/Child', 'Shared:Network')]]) };
  const laneOf = lanesOf([parent, giving('Shared', 'Network'), giving('Other')]);
  expect([laneOf('Parent/Child'), laneOf('Shared')]).toEqual([laneOf('Parent'), laneOf('Parent')]);
  expect(laneOf('Other')).not.toBe(laneOf('Parent'));
});

test('one at a time within a lane, side by side between lanes, and answers in the order of the items', async () => {
  const running: Record<string, number> = { a: 0, b: 0 };
  const most = { within: 0, between: 0 };
  const done = await inLanes(['a1', 'b1', 'a2', 'b2'], ([lane = '']) => lane, async (item) => {
    const lane = item.slice(0, 1);
    running[lane] = (running[lane] ?? 0) + 1;
    most.within = Math.max(most.within, running[lane]);
    most.between = Math.max(most.between, Object.values(running).filter((count) => count > 0).length);
    await after(item === 'a1' ? 30 : 5);
    running[lane] -= 1;
    return item.toUpperCase();
  });
  expect(done).toEqual(['A1', 'B1', 'A2', 'B2']);
  expect(most).toEqual({ within: 1, between: 2 });
});

test('a failure of one is the failure of all', async () => {
  await expect(inLanes([1, 2], String, (item) => (item === 2 ? Promise.reject(new Error('no')) : Promise.resolve(item)))).rejects.toThrow('no');
});
