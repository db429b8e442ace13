import type { EdgeModel, ListenerModel, RuleModel } from '../../../src/drill/edge/model';
import { configurationOf } from '../../../src/drill/gate/model';
import { bareRequest } from '../../../src/drill/gate/scene';
import type { CoreAnswer } from '../../../src/drill/services/sample-core';
import type { Scene } from '../../../src/drill/scene';
import { type GateConfiguration } from '../../../src/gate/contract';
import { setStage, type Stage } from '../../support/drill-stage';
import { GATE_CONFIGURATION, gateTemplate, KEYS_ONLY, ORIGIN } from '../../support/gate-template';

let stage: Stage;

beforeAll(async () => {
  stage = await setStage();
}, 60_000);
afterAll(() => stage.stop());

interface Drilled {
  readonly model: EdgeModel;
  readonly listener: ListenerModel;
  readonly scene: Scene;
  rule(logicalId: string): RuleModel;
  stop(): Promise<void>;
}

async function drilled(configuration: GateConfiguration): Promise<Drilled> {
  const model = stage.translate([gateTemplate(configuration)]);
  const edge = await stage.start(model);
  const [listener] = model.listeners;
  if (listener === undefined) throw new Error('no listener');
  const rule = (logicalId: string): RuleModel => {
    const found = listener.rules.find(({ place }) => place.logicalId === logicalId);
    if (found === undefined) throw new Error(`no rule ${logicalId}`);
    return found;
  };
  return { model, listener, scene: edge.open([]), rule, stop: () => edge.stop() };
}

describe.each([['tokens', GATE_CONFIGURATION], ['API keys alone', KEYS_ONLY]] as const)('a gate that takes %s', (_, configuration) => {
  let at: Drilled;
  beforeAll(async () => {
    at = await drilled(configuration);
  }, 60_000);
  afterAll(() => at.stop());

  test('passes a good request on to the Core, with who sent it and without what he showed', async () => {
    const request = await at.scene.legitimate(at.listener, at.rule('Routes'));
    const answer = await at.scene.send(at.listener, request);
    expect(answer.status).toBe(200);
    const { headers } = JSON.parse(answer.body) as CoreAnswer;
    expect(headers['x-auth-request-user']).toHaveLength(1);
    expect(headers['x-core-key']).toHaveLength(1);
    expect([headers.authorization, headers['x-api-key']]).toEqual([undefined, undefined]);
    expect(headers['x-forwarded-for']).toEqual(['127.0.0.1']);
  });

  test('refuses a stranger by itself, where the load balancer verifies nobody', async () => {
    const gate = at.scene.gate(at.listener, at.rule('Routes'));
    const answer = await at.scene.send(gate.open, bareRequest(gate.draft()));
    expect(answer.status).toBe(401);
    expect((await at.scene.send(gate.open, await gate.request())).status).toBe(200);
  });

  test('answers the health check and preflights of known origins to anybody', async () => {
    const health = await at.scene.send(at.listener, await at.scene.legitimate(at.listener, at.rule('Health')));
    const preflight = await at.scene.send(at.listener, await at.scene.legitimate(at.listener, at.rule('Preflights')));
    expect([health.status, preflight.status]).toEqual([200, 204]);
    expect(preflight.headers['access-control-allow-origin']).toBe(ORIGIN);
  });

  test('runs as more than one task, each with the template\'s configuration', () => {
    expect(at.scene.hop(at.listener, at.rule('Routes'))).toHaveLength(2);
    expect(at.model.gates?.map(configurationOf)).toEqual([configuration]);
  });
});
