import type { ListenerModel } from '../../../../src/drill/edge/model';
import { type Call } from '../../../drill/edge/envoy/caller';
import { L } from '../../../drill/edge/envoy/listeners';
import { edge as model } from '../../../drill/edge/envoy/models';
import { type EdgeStand, openEdge } from '../../../support/edge-stand';

let edge: EdgeStand;

beforeAll(async () => {
  edge = await openEdge(model(...Object.values(L)));
}, 120_000);
afterAll(() => edge.supervisor.stop());

async function statuses(times: number, target: ListenerModel, request: Call = {}): Promise<number[]> {
  const answers: number[] = [];
  for (let count = 0; count < times; count++) answers.push((await edge.to(target, request)).status);
  return answers;
}

describe('web ACLs', () => {
  test.each([
    ['allow ends the evaluation', '203.0.113.7', 200],
    ['count does not', '203.0.113.8', 418],
    ['block needs the whole statement', '203.0.113.9', 200],
    ['an empty set holds nobody', '192.0.2.1', 200],
  ])('%s', async (_, from, status) => {
    await expect(edge.to(L.waf, { from })).resolves.toMatchObject({ status });
  });

  test('they come before the rules of the listener', async () => {
    await expect(edge.to(L.waf, { from: '203.0.113.8', path: '/bare' })).resolves.toMatchObject({ status: 418, body: '' });
    await expect(edge.to(L.waf, { from: '192.0.2.1', path: '/bare' })).resolves.toMatchObject({ status: 401 });
  });

  test('what they block does not reach the Core', async () => {
    await edge.to(L.waf, { from: '203.0.113.8', path: '/canary-of-a-blocked-request' });
    expect(edge.core.reached('canary-of-a-blocked-request')).toBe(0);
  });

  test('a default action of block leaves in only whom a rule allows, by connection and not by what he says', async () => {
    await expect(edge.to(L.closed, { from: '203.0.113.7' })).resolves.toMatchObject({ status: 200 });
    await expect(edge.to(L.closed, { from: '192.0.2.1', headers: [['x-forwarded-for', '203.0.113.7']] })).resolves.toMatchObject({ status: 403 });
  });

  test('a flood from one address is limited, and nobody else is', async () => {
    await expect(statuses(12, L.flood, { from: '192.0.2.1' })).resolves.toEqual([...Array<number>(10).fill(200), 429, 429]);
    await expect(statuses(1, L.flood, { from: '192.0.2.2' })).resolves.toEqual([200]);
  });

  test('whom an earlier rule allows and whom the scope leaves out is not limited', async () => {
    await expect(statuses(12, L.flood, { from: '203.0.113.1' })).resolves.toEqual(Array(12).fill(200));
    await expect(statuses(12, L.flood, { from: '203.0.113.2' })).resolves.toEqual(Array(12).fill(200));
  });

  test('a flood with one header value is limited; without the header nothing is counted', async () => {
    await expect(statuses(11, L.floodByHeader, { headers: [['x-api-key', 'a']] })).resolves.toEqual([...Array<number>(10).fill(200), 403]);
    await expect(statuses(1, L.floodByHeader, { headers: [['x-api-key', 'b']] })).resolves.toEqual([200]);
    await expect(statuses(12, L.floodByHeader)).resolves.toEqual(Array(12).fill(200));
  });

  test('a constant key counts everybody together, and counting alone limits nobody', async () => {
    await statuses(10, L.floodAll, { from: '192.0.2.1' });
    await expect(statuses(1, L.floodAll, { from: '192.0.2.2' })).resolves.toEqual([429]);
    await expect(statuses(12, L.floodCounted)).resolves.toEqual(Array(12).fill(200));
  });
});
