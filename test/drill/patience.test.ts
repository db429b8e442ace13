import { patient } from '../../src/drill/patience';
import type { ListenerModel } from '../../src/drill/edge/model';
import type { Scene, WireAnswer } from '../../src/drill/scene';
import { fakeScene, listenerOf, modelOf } from '../support/fake-scene';

// Nobody waits in earnest here.
jest.mock('node:timers/promises', () => ({ setTimeout: () => Promise.resolve() }));

const LISTENER: ListenerModel = listenerOf();
const GOOD: WireAnswer = { status: 200, headers: {}, body: '' };
const busy = (headers: WireAnswer['headers'] = { 'retry-after': '0', 'x-request-id': 'id' }): WireAnswer => ({ status: 429, headers, body: '' });

/** A scene that answers by a list, and then well. */
function answering(...answers: WireAnswer[]): { readonly scene: Scene; readonly asked: () => number } {
  let asked = 0;
  const next = (): WireAnswer => {
    asked += 1;
    return answers[asked - 1] ?? GOOD;
  };
  const raw = ({ status, headers }: WireAnswer): string => `HTTP/1.1 ${status} x\r\n${Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
  return { scene: { ...fakeScene(modelOf(LISTENER), () => 200), send: () => Promise.resolve(next()), sendRaw: () => Promise.resolve(raw(next())) }, asked: () => asked };
}

const request = { method: 'GET', path: '/', headers: {} };

test('what a gate refuses as too much is sent again until it is taken', async () => {
  const { scene, asked } = answering(busy(), busy());
  expect(await patient(scene).send(LISTENER, request)).toEqual(GOOD);
  expect(asked()).toBe(3);
});

test('the same goes for bytes', async () => {
  const { scene, asked } = answering(busy());
  expect(await patient(scene).sendRaw(LISTENER, 'GET / HTTP/1.1\r\n\r\n')).toMatch(/^HTTP\/1\.1 200/);
  expect(asked()).toBe(2);
});

test.each([
  ['a web ACL refuses it, which gives no request id', busy({ 'retry-after': '0' })],
  ['it is to come back much later', busy({ 'retry-after': '120', 'x-request-id': 'id' })],
  ['it is told no time', busy({ 'x-request-id': 'id' })],
  ['it is refused for another reason', { ...busy(), status: 401 }],
])('it is sent once where %s', async (_, answer) => {
  const { scene, asked } = answering(answer);
  expect(await patient(scene).send(LISTENER, request)).toBe(answer);
  expect(asked()).toBe(1);
});

test('a gate that refuses for good is not waited for', async () => {
  const { scene, asked } = answering(...Array.from({ length: 50 }, () => busy()));
  expect((await patient(scene).send(LISTENER, request)).status).toBe(429);
  expect(asked()).toBe(20);
});

const undecided: WireAnswer = { status: 503, headers: { 'x-request-id': 'id' }, body: '' };

test('what a gate was too busy to decide is sent again, since it says nothing of the request', async () => {
  const { scene, asked } = answering(undecided, undecided);
  const ids: string[] = [];
  const answer = await patient({ ...scene, undecided: (id) => {
    ids.push(id);
    return Promise.resolve(true);
  } }).send(LISTENER, request);
  expect(answer).toEqual(GOOD);
  expect([asked(), ids]).toEqual([3, ['id', 'id']]);
});

test('a 503 that was decided is taken as it is', async () => {
  const { scene, asked } = answering(undecided);
  expect(await patient({ ...scene, undecided: () => Promise.resolve(false) }).send(LISTENER, request)).toBe(undecided);
  expect(asked()).toBe(1);
});

test('what stays undecided is no refusal, but ends the attack', async () => {
  const { scene } = answering(...Array.from({ length: 50 }, () => undecided));
  const sending = patient({ ...scene, undecided: () => Promise.resolve(true) }).send(LISTENER, request);
  await expect(sending).rejects.toThrow(/^the gate was too busy to decide, 20 times in a row$/);
});

test('an answer that is opened is taken as it is', async () => {
  const { scene } = answering();
  const opened: string[] = [];
  const told = { status: 429, headers: { 'retry-after': '0', 'x-request-id': 'id' }, isOver: () => true, close: () => undefined };
  const answer = await patient({ ...scene, open: (listener) => {
    opened.push(listener.place.logicalId);
    return Promise.resolve(told);
  } }).open(LISTENER, request);
  expect(answer).toBe(told);
  expect(opened).toEqual([LISTENER.place.logicalId]);
});
