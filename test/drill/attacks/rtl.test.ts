import { RTL_ATTACKS } from '../../../src/drill/attacks/rtl';
import type { WafStatement } from '../../../src/drill/edge/model';
import { fakeScene, FORWARDING, listenerOf, modelOf } from '../../support/fake-scene';

test('a limit that a drill must not exceed cannot be tried, and is not said to hold', async () => {
  const statement: WafStatement = { kind: 'rate', limit: 12_000, windowSeconds: 300, key: { kind: 'address' } };
  const webAcl = { place: FORWARDING.place, defaultAction: { kind: 'allow' }, rules: [{ name: 'rate', priority: 0, action: { kind: 'block', status: 429 }, statement }] } as const;
  const listener = { ...listenerOf(), webAcl };
  const scene = fakeScene(modelOf(listener), () => 'core');
  await expect(RTL_ATTACKS[0]?.run({ listener, rule: FORWARDING }, scene)).rejects.toThrow('A flood beyond 12000 requests is more than the 15000 that a drill sends: it cannot be tried here.');
  expect(scene.callers).toEqual([]);
});
