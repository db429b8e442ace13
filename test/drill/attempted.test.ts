import { attempted, betweenLooks, brokenOff, type Outcome, untilSuccess } from '../../src/drill/attempted';

const WITHSTOOD: Outcome = { verdict: 'withstood', saw: 'Out.' };
const SUCCEEDED: Outcome = { verdict: 'succeeded', saw: 'In.' };
const BROKEN: Outcome = { verdict: 'inconclusive', saw: 'It could not be carried out: the tool is gone' };

test('what an attack says is kept, and one that breaks off says why', async () => {
  await expect(attempted(() => Promise.resolve(SUCCEEDED))).resolves.toEqual(SUCCEEDED);
  await expect(attempted(() => Promise.reject(new Error('the tool is gone')))).resolves.toEqual(BROKEN);
  expect(brokenOff('the tool is gone')).toEqual(BROKEN);
});

test.each<[string, readonly Outcome[], Outcome, number]>([
  ['ends at the first success', [WITHSTOOD, SUCCEEDED, WITHSTOOD], SUCCEEDED, 2],
  ['says what the last target came to', [BROKEN, WITHSTOOD], WITHSTOOD, 2],
  ['proves nothing without a target', [], { verdict: 'inconclusive', saw: 'It could not be carried out: there is no target' }, 0],
])('one target after the other: %s', async (_, outcomes, expected, tried) => {
  let count = 0;
  const outcome = await untilSuccess(outcomes, (each) => {
    count += 1;
    return Promise.resolve(each);
  });
  expect([outcome, count]).toEqual([expected, tried]);
});

/** An attack between looks that see this, one after the other. */
async function between(outcome: Outcome, ...looks: readonly (string | undefined)[]) {
  const lines: string[] = [];
  let left = looks;
  const look = (): Promise<string | undefined> => {
    const [now, ...rest] = left;
    left = rest;
    return Promise.resolve(now);
  };
  return { outcome: await betweenLooks({ name: 'a request', look }, (line) => lines.push(line), () => Promise.resolve(outcome)), lines, left: left.length };
}

test('what works before and after an attack was attacked', async () => {
  const { outcome, lines } = await between(WITHSTOOD, undefined, undefined);
  expect(outcome).toEqual(WITHSTOOD);
  expect(lines).toEqual(['Before the attack: a request', 'The attack', 'After the attack: a request']);
});

test('what did not work before is not attacked', async () => {
  const { outcome, lines } = await between(SUCCEEDED, 'it is down.');
  expect(outcome).toEqual({ verdict: 'inconclusive', saw: 'Nothing can be learned from it: it is down.' });
  expect(lines).toEqual(['Before the attack: a request']);
});

test('what does not work any more has withstood nothing', async () => {
  expect((await between(WITHSTOOD, undefined, 'it is down.')).outcome).toEqual({ verdict: 'inconclusive', saw: 'After the attack, it is down.' });
});

test.each([SUCCEEDED, BROKEN])('beyond $verdict nobody looks any more', async (outcome) => {
  expect(await between(outcome, undefined, 'it is down.')).toMatchObject({ outcome, left: 1 });
});
