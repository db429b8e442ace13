import { gotThrough } from '../../src/drill/attacks/attempts';
import type { AttackResult } from '../../src/drill/attack';
import { type AttackEvidence, runAttacks } from '../../src/drill/run-attacks';
import type { Scene } from '../../src/drill/scene';
import { attackOf, type Behaviour, fakeScene, FORWARDING, ANSWERING, listenerOf, modelOf } from '../support/fake-scene';

const MODEL = modelOf(listenerOf());
const WITHSTOOD: AttackResult = { verdict: 'withstood', saw: 'Nothing.' };
const SUCCEEDED: AttackResult = { verdict: 'succeeded', saw: 'All of it.' };
const withstanding = attackOf(() => Promise.resolve(WITHSTOOD));

const onlyTheGood: Behaviour = ({ headers }) => (headers.authorization === 'good' ? 'core' : 401);

function run(attack = withstanding, behaviour: Behaviour = onlyTheGood, model = MODEL): Promise<AttackEvidence> {
  return runAttacks([attack], model, (transcript) => fakeScene(model, behaviour, transcript));
}

test('an attack between two legitimate requests that are served keeps its verdict and says where it was', async () => {
  const { attacks: [record], noTarget } = await run();
  expect(record).toMatchObject({ attack: 'IDN-1.test', control: 'IDN-1', verdict: 'withstood', saw: 'Nothing.', target: FORWARDING.place, evidence: 'template-intent' });
  expect(noTarget).toEqual([]);
});

test.each([
  ['refuses everybody', (): number => 403, /did not reach the Core and was answered 403/],
  ['is silent', (): undefined => undefined, /got no answer/],
] as const)('an edge that %s withstands nothing', async (_, behaviour, why) => {
  const { attacks: [record] } = await run(withstanding, behaviour);
  expect(record?.verdict).toBe('inconclusive');
  expect(record?.saw).toMatch(why);
});

test('an edge that no longer serves anybody after the attack has not withstood it', async () => {
  let served = 0;
  const { attacks: [record] } = await run(withstanding, () => ((served += 1) === 1 ? 'core' : 503));
  expect(record).toMatchObject({ verdict: 'inconclusive', saw: 'After the attack, a legitimate request did not reach the Core and was answered 503.' });
});

test('a legitimate request that gets no answer is sent again, three times in all, and one that is answered is not', async () => {
  const answers = async (...given: readonly ('core' | 503 | undefined)[]): Promise<[verdict: string | undefined, asked: number]> => {
    let asked = 0;
    const { attacks: [record] } = await run(withstanding, () => given[(asked += 1) - 1]);
    return [record?.verdict, asked];
  };
  expect(await answers(undefined, undefined, 'core', undefined, 'core')).toEqual(['withstood', 5]);
  expect(await answers(undefined, undefined, undefined, 'core')).toEqual(['inconclusive', 3]);
  expect(await answers(503, 'core')).toEqual(['inconclusive', 1]);
});

test('a success of the attacker stands, whatever the edge does afterwards', async () => {
  let served = 0;
  const { attacks: [record] } = await run(attackOf(() => Promise.resolve(SUCCEEDED)), () => ((served += 1) === 1 ? 'core' : undefined));
  expect(record).toMatchObject(SUCCEEDED);
});

test('an attack that breaks off is inconclusive, and its transcript is kept', async () => {
  const { attacks: [record] } = await run(attackOf((scene) => {
    scene.note('So far.');
    return Promise.reject(new Error('The tool is gone.'));
  }));
  expect(record).toMatchObject({ verdict: 'inconclusive', saw: 'It could not be carried out: The tool is gone.' });
  expect(record?.transcript).toContain('So far.');
});

test('where nothing forwards, the rule\'s own answer shows that the listener is there, and no other', async () => {
  const model = modelOf(listenerOf([ANSWERING]));
  const everywhere = { ...withstanding, targets: () => model.listeners.map((listener) => ({ listener })) };
  expect((await run(everywhere, () => 404, model)).attacks[0]?.verdict).toBe('withstood');
  expect((await run(everywhere, () => undefined, model)).attacks[0]?.verdict).toBe('inconclusive');
  expect((await run(everywhere, () => 503, model)).attacks[0]?.verdict).toBe('inconclusive');
});

test('an attack without a target is said to have none', async () => {
  const { attacks, noTarget } = await run(withstanding, onlyTheGood, modelOf(listenerOf([ANSWERING])));
  expect(attacks).toEqual([]);
  expect(noTarget).toEqual([{ attack: 'IDN-1.test', control: 'IDN-1', reason: 'The templates have no rule that forwards.' }]);
});

test('every request has an address of its own unless it names one, so that no rate limit takes the credit for another protection', async () => {
  const scenes: ReturnType<typeof fakeScene>[] = [];
  const attack = attackOf(async (scene: Scene, listener) => {
    const request = await scene.legitimate(listener, FORWARDING);
    for (const from of [undefined, undefined, '192.0.2.1', '192.0.2.1']) await gotThrough(scene, listener, { ...request, from });
    return WITHSTOOD;
  });
  await runAttacks([attack], MODEL, (transcript) => {
    const scene = fakeScene(MODEL, onlyTheGood, transcript);
    scenes.push(scene);
    return scene;
  });
  const own = scenes.flatMap(({ callers }) => callers).filter((address) => address !== '192.0.2.1');
  expect(own).toHaveLength(4);
  expect(new Set(own).size).toBe(4);
  expect(own.every((address) => /^198\.1[89]\.\d+\.\d+$/.test(address))).toBe(true);
});
