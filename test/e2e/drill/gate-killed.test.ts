import { setTimeout as after } from 'node:timers/promises';
import { LEASE_SECONDS } from '../../../src/gate/rate/contract';
import { streaming } from '../../../src/drill/gate/attacks/streams';
import { Grounds } from '../../../src/drill/gate/ground';
import { type GateHouse, openHouse } from '../../../src/drill/gate/house';
import { inHand } from '../../../src/drill/gate/scene';
import { Supervisor } from '../../../src/drill/processes/supervisor';
import type { OpenAnswer, WireRequest } from '../../../src/drill/scene';
import { startIssuer } from '../../../src/drill/services/issuer';
import { createPki } from '../../../src/drill/services/pki';
import { startSampleCore } from '../../../src/drill/services/sample-core';
import { openToolbox } from '../../../src/drill/toolbox/toolbox';
import { edgeOf } from '../../support/drilled';
import { GATE_CONFIGURATION, gateTemplate } from '../../support/gate-template';
import { openAtTask } from '../../support/open-at-task';

const STREAMS = GATE_CONFIGURATION.rate?.plan.streams ?? 0;

let supervisor: Supervisor;
let house: GateHouse;
let request: WireRequest;
const open: OpenAnswer[] = [];

beforeAll(async () => {
  supervisor = await Supervisor.open();
  const [toolbox, pki, core, issuer] = await Promise.all([openToolbox(() => undefined), createPki(), startSampleCore(), startIssuer()]);
  supervisor.onStop(() => core.stop());
  supervisor.onStop(() => issuer.stop());
  const model = edgeOf([gateTemplate()]);
  house = await openHouse(model, { supervisor, ground: new Grounds({ supervisor, toolbox, pki }).fresh, assets: new Map(), core, issuer, pki });
  const [listener] = model.listeners;
  const rule = listener?.rules.find(({ place }) => place.logicalId === 'Routes');
  if (listener === undefined || rule === undefined) throw new Error('The template leads to no gate.');
  request = streaming(await inHand(listener, rule, { house, issuer, pki }).request());
}, 120_000);
afterAll(async () => {
  open.forEach((answer) => answer.close());
  await supervisor.stop();
});

async function openAt(port: number): Promise<number> {
  const answer = await openAtTask(port, request);
  open.push(answer);
  return answer.status;
}

test('the places of a task that is killed are free for its callers at another one, no later than a lease lasts', async () => {
  const [first, second] = house.gates[0]?.tasks ?? [];
  if (first === undefined || second === undefined) throw new Error('There are not two tasks.');
  for (let left = STREAMS; left > 0; left -= 1) expect(await openAt(first.port)).toBe(200);
  expect(await openAt(second.port)).toBe(429);
  await first.kill();
  // It knows nothing of that yet: what was taken is taken until its lease ends.
  expect(await openAt(second.port)).toBe(429);
  await after(LEASE_SECONDS * 1000);
  for (let left = STREAMS; left > 0; left -= 1) expect(await openAt(second.port)).toBe(200);
  expect(await openAt(second.port)).toBe(429);
}, 60_000);
