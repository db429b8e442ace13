import { createAudit } from '../../../src/runtime/gate/audit';
import { createRedactor } from '../../../src/runtime/shared/redactor';
import { AUDIT_KEY, NOON, TestPipe } from '../../support/audit';
import { alnum, SHAPED } from '../../support/credential-shapes';
import { eventually, gateConfiguration, RecordingCore, recordingMetrics, requestLine, sendRaw, startTestGate, type TestGate } from '../../support/gate-server';

const PARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const [PERSON, ENCODED] = [`${alnum(8).toLowerCase()}@acme.com`, `${alnum(8).toLowerCase()}_40acme.com`];
/** What the Core states as its model: what its caller asked for. */
let model: string;
let core: RecordingCore;
let gate: TestGate;
let pipe: TestPipe;
beforeAll(async () => {
  core = await RecordingCore.start((_request, response) => void response.writeHead(200, { 'x-core-model': model, 'x-core-prompt-tokens': '1' }).end('ok'));
  pipe = new TestPipe();
  const audit = createAudit({ output: pipe.output, key: AUDIT_KEY, clock: () => NOON, metrics: recordingMetrics([]), redactor: createRedactor() });
  gate = await startTestGate(gateConfiguration(core.port), { audit });
});
afterAll(async () => {
  await gate.drain();
  await core.stop();
});

/** One request through the gate; what the Core got of it, and what was written about it. */
async function through(headers: readonly string[]): Promise<{ readonly core: Readonly<Record<string, unknown>>; readonly written: string }> {
  const [before, records] = [core.requests.length, pipe.lines.length];
  expect((await sendRaw(gate.port, requestLine('GET /v1/models', headers))).statuses).toEqual([200]);
  await eventually(() => pipe.lines.slice(records).some(({ event }) => event === 'audit'));
  return { core: { ...core.requests[before]?.headers }, written: JSON.stringify(pipe.lines.slice(records).filter(({ event }) => event === 'audit')) };
}

test('The record of a request has no address of a person in it, whether its caller or the Core says it', async () => {
  model = PERSON;
  for (const id of [ENCODED, Buffer.from(PERSON).toString('base64url'), PERSON.replace('@', '-at-')]) {
    const { written } = await through([`X-Request-Id: ${id}`]);
    expect(written).toContain('"request_id":"[REDACTED]"');
    expect(written).not.toContain('"model"');
    for (const canary of [id, PERSON]) expect(written).not.toContain(canary);
  }
});

test('What is no address stays, so that both sides find the request again', async () => {
  model = 'gpt-4o';
  expect((await through(['X-Request-Id: order-4012'])).written).toMatch(/"request_id":"order-4012".*"model":"gpt-4o"/);
});

test('No credential reaches the Core beside a trace, and the rest of the trace does', async () => {
  model = 'gpt-4o';
  for (const make of [SHAPED['our key'], SHAPED.JWT, SHAPED['OpenAI project'], SHAPED['AWS access key id']]) {
    const canary = make?.() ?? '';
    const { core: got, written } = await through([`traceparent: ${PARENT}`, `tracestate: a=1,v=${canary},b=2`, `baggage: tier=gold,auth=${canary}`, `baggage: user=${encodeURIComponent(PERSON)}`]);
    expect(got).toMatchObject({ traceparent: PARENT, baggage: 'tier=gold' });
    expect([undefined, 'a=1,b=2']).toContain(got.tracestate);
    expect(JSON.stringify(got) + written).not.toContain(canary);
    expect(JSON.stringify(got)).not.toContain(encodeURIComponent(PERSON));
  }
});
