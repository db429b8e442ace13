import { RTL_ATTACKS } from '../../../src/drill/attacks/rtl';
import type { WafStatement } from '../../../src/drill/edge/model';
import { overlay } from '../../../src/drill/overlay';
import { fakeScene, FORWARDING, listenerOf, modelOf } from '../../support/fake-scene';
import { startEdgeStub } from '../services/edge-stub';

test('a limit that a drill must not exceed cannot be tried, and is not said to hold', async () => {
  const statement: WafStatement = { kind: 'rate', limit: 12_000, windowSeconds: 300, key: { kind: 'address' } };
  const webAcl = { place: FORWARDING.place, defaultAction: { kind: 'allow' }, rules: [{ name: 'rate', priority: 0, action: { kind: 'block', status: 429 }, statement }] } as const;
  const listener = { ...listenerOf(), webAcl };
  const scene = fakeScene(modelOf(listener), () => 'core');
  const flood = RTL_ATTACKS.find(({ id }) => id === 'RTL-1.flood');
  await expect(flood?.run({ listener, rule: FORWARDING }, scene)).rejects.toThrow('A flood beyond 12000 requests is more than the 15000 that a drill sends: it cannot be tried here.');
  expect(scene.callers).toEqual([]);
});

test('what a limit has admitted again since the flood is not taken for its answer', async () => {
  const LIMIT = 20;
  const REFUSAL = { status: 429, headers: { 'retry-after': '60', 'content-type': 'application/json' }, body: '{}' };
  let flooded = 0;
  const stub = await startEdgeStub((_, response) => {
    flooded += 1;
    response.writeHead(flooded > LIMIT ? 429 : 200, { 'content-length': '0' }).end();
  });
  const statement: WafStatement = { kind: 'rate', limit: LIMIT, windowSeconds: 60, key: { kind: 'address' } };
  const action = { kind: 'block', status: 429, body: { contentType: 'application/json', text: '{}' } } as const;
  const listener = { ...listenerOf(), webAcl: { place: FORWARDING.place, defaultAction: { kind: 'allow' }, rules: [{ name: 'rate', priority: 0, action, statement }] } } as const;
  const plain = fakeScene(modelOf(listener), () => 'core');
  let again = 0;
  const scene = overlay(plain, {
    address: () => ({ host: '127.0.0.1', port: stub.port }),
    send: (to, request) => {
      if (request.from !== '203.0.113.12' || flooded === 0) return plain.send(to, request);
      again += 1;
      return again > 20 ? Promise.resolve(REFUSAL) : plain.send(to, request);
    },
  });
  try {
    const result = await RTL_ATTACKS.find(({ id }) => id === 'RTL-1.answer')?.run({ listener, rule: FORWARDING }, scene);
    expect(result).toEqual({ verdict: 'withstood', saw: 'Whoever sent too much was told so in JSON, to be back in 60 s.' });
  } finally {
    await stub.stop();
  }
});
