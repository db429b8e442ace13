import type { JsonMap, Template } from '../../src/checks/template/template';
import type { Saboteur } from '../../src/drill/attack';
import { grouped, proofsOf, trialsOf } from '../../src/drill/trials';

const GOOD: Template = { name: 'Stack', body: {} };
const setting = (name: string, body: JsonMap | undefined): Saboteur => ({ name, sabotage: () => body });
const attack = (aspect: string, saboteurs: readonly Saboteur[], targets: readonly string[] = ['there']) => (
  { id: `IDN-1.${aspect}`, control: 'IDN-1', saboteurs, targets: () => targets } as const
);

const weakened = ({ saboteur }: { readonly saboteur: Saboteur }): Template[] | undefined => {
  const body = saboteur.sabotage(GOOD.body);
  return body && [{ ...GOOD, body }];
};

const namesIn = (groups: ReturnType<typeof grouped>): string[][] => groups.map(({ trials }) => trials.map(({ saboteur }) => saboteur.name));

test('an attack is tried with each of its saboteurs', () => {
  const trials = trialsOf([attack('a', [setting('x', {}), setting('y', {})]), attack('b', [setting('z', {})])]);
  expect(trials.map(({ attack: { id }, saboteur: { name } }) => `${id} ${name}`)).toEqual(['IDN-1.a x', 'IDN-1.a y', 'IDN-1.b z']);
});

test('trials that leave the same templates are one group, whoever weakens them', () => {
  const trials = trialsOf([attack('a', [setting('x', { a: 1 }), setting('y', { a: 2 })]), attack('b', [setting('z', { a: 1 })])]);
  const groups = grouped(trials, 'good', weakened);
  expect(namesIn(groups)).toEqual([['x', 'z'], ['y']]);
  expect(groups.map(({ templates }) => templates.map(({ body }) => body))).toEqual([[{ a: 1 }], [{ a: 2 }]]);
});

test('templates that differ in their names, or in what is nested in them, are not the same', () => {
  const leaves = new Map<string, readonly Template[]>([
    ['named', [{ name: 'Other', body: {} }]],
    ['nested', [{ ...GOOD, nested: new Map([['Child', { name: 'Child', body: { a: 1 } }]]) }]],
    ['nested otherwise', [{ ...GOOD, nested: new Map([['Child', { name: 'Child', body: { a: 2 } }]]) }]],
  ]);
  const trials = trialsOf([attack('a', [...leaves.keys()].map((name) => setting(name, {})))]);
  expect(namesIn(grouped(trials, 'good', ({ saboteur }) => leaves.get(saboteur.name)))).toEqual([['named'], ['nested'], ['nested otherwise']]);
});

test('what has nothing to attack, or nothing to take away, is in no group, and nobody weakens anything for the former', () => {
  const asked: string[] = [];
  const trials = trialsOf([attack('a', [setting('nothing to take', undefined)]), attack('b', [setting('nothing to attack', {})], [])]);
  expect(grouped(trials, 'good', (trial) => {
    asked.push(trial.saboteur.name);
    return weakened(trial);
  })).toEqual([]);
  expect(asked).toEqual(['nothing to take']);
});

test('every trial has its record, in order, and says of nothing that there was nothing', () => {
  const trials = trialsOf([attack('a', [setting('x', {}), setting('y', {})])]);
  const outcomes = new Map(trials.slice(1).map((trial) => [trial, { verdict: 'succeeded', saw: 'In.' }] as const));
  expect(proofsOf(trials, outcomes)).toEqual([
    { attack: 'IDN-1.a', control: 'IDN-1', saboteur: 'x', verdict: 'not-applicable', saw: 'The templates have nothing of this kind to take away.' },
    { attack: 'IDN-1.a', control: 'IDN-1', saboteur: 'y', verdict: 'succeeded', saw: 'In.' },
  ]);
});
