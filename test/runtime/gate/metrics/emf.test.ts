import Ajv from 'ajv';
import { createMetrics, startEmf } from '../../../../src/runtime/gate/metrics';

const NOW = 1_900_000_000_000;

/** The rules of the format (AWS, "Specification: Embedded metric format"): its own schema allows for more, and what it says in words is checked below. */
const UNITS = ['Seconds', 'Microseconds', 'Milliseconds', 'Bytes', 'Percent', 'Count', 'None'];
const isEmf = new Ajv().compile({
  type: 'object',
  required: ['_aws'],
  properties: {
    _aws: {
      type: 'object', required: ['Timestamp', 'CloudWatchMetrics'], additionalProperties: false,
      properties: {
        Timestamp: { type: 'integer' },
        CloudWatchMetrics: { type: 'array', items: {
          type: 'object', required: ['Namespace', 'Dimensions', 'Metrics'], additionalProperties: false,
          properties: {
            Namespace: { type: 'string', minLength: 1, maxLength: 1024 },
            Dimensions: { type: 'array', minItems: 1, items: { type: 'array', maxItems: 30, items: { type: 'string', minLength: 1, maxLength: 250 } } },
            Metrics: { type: 'array', minItems: 1, maxItems: 100, items: {
              type: 'object', required: ['Name'], additionalProperties: false,
              properties: { Name: { type: 'string', minLength: 1, maxLength: 255 }, Unit: { enum: UNITS }, StorageResolution: { enum: [1, 60] } },
            } },
          },
        } },
      },
    },
  },
});

interface Directive {
  readonly Namespace: string;
  readonly Dimensions: readonly (readonly string[])[];
  readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
}

interface Line {
  readonly _aws: { readonly Timestamp: number; readonly CloudWatchMetrics: readonly Directive[] };
  readonly [name: string]: unknown;
}

/** Turns the minutes by hand. */
function minutes() {
  const waits: { readonly ms: number; readonly pass: () => void }[] = [];
  const pass = async (): Promise<void> => {
    waits.shift()?.pass();
    // Until it waits again, which it does once its line is out.
    for (let turn = 0; turn < 50 && waits.length === 0; turn++) await new Promise((resolve) => setImmediate(resolve));
  };
  return { waits, pass, wait: (ms: number) => new Promise<void>((resolve) => waits.push({ ms, pass: resolve })) };
}

function start(output = { write: (line: string): void => void lines.push(line) }) {
  const metrics = createMetrics({ clock: () => NOW });
  const time = minutes();
  return { metrics, time, emf: startEmf(metrics, { output, namespace: 'Acme/Gate', clock: () => NOW, wait: time.wait }) };
}

let lines: string[];
beforeEach(() => { lines = []; });
const parsed = (): Line[] => lines.map((line) => JSON.parse(line) as Line);

test('once a minute there is one line, with its end', async () => {
  const { time } = start();
  expect(time.waits.map(({ ms }) => ms)).toEqual([60_000]);
  expect(lines).toEqual([]);
  await time.pass();
  expect(lines).toEqual([expect.stringMatching(/^\{.*\}\n$/)]);
  expect(time.waits.map(({ ms }) => ms)).toEqual([60_000]);
  await time.pass();
  expect(lines).toHaveLength(2);
});

test('each line keeps the rules of the format', async () => {
  const { metrics, time } = start();
  for (let status = 100; status < 600; status++) metrics.request(status, status);
  for (let issuer = 0; issuer < 300; issuer++) metrics.keySetAge(`https://issuer-${issuer}.acme.com/`, issuer);
  await time.pass();
  const [line] = parsed();
  expect([isEmf(line), isEmf.errors]).toEqual([true, null]);
  const [directive] = line?._aws.CloudWatchMetrics ?? [];
  expect(directive).toMatchObject({ Namespace: 'Acme/Gate', Dimensions: [[]] });
  const names = directive?.Metrics.map(({ Name }) => Name) ?? [];
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => typeof line?.[name] !== 'number' || !Number.isFinite(line[name]))).toEqual([]);
  expect(Object.keys(line ?? {}).filter((name) => !names.includes(name))).toEqual(['_aws', 'event']);
  expect(line?.event).toBe('metrics');
  expect(line?._aws.Timestamp).toBe(NOW);
});

test('a line tells of counters what was added since the one before', async () => {
  const { metrics, time } = start();
  for (const status of [200, 204, 429, 503, undefined, 777]) metrics.request(status, 500);
  metrics.authentication(false);
  metrics.limited('heavy');
  metrics.uncounted(true);
  metrics.streamCut('locked-down');
  await time.pass();
  metrics.request(200, 1500);
  await time.pass();
  await time.pass();
  const counted = (name: string): unknown[] => parsed().map((line) => line[name]);
  expect(counted('gateway_requests_total')).toEqual([6, 1, 0]);
  expect(counted('gateway_requests_total_2xx')).toEqual([2, 1, 0]);
  expect(counted('gateway_requests_total_3xx')).toEqual([0, 0, 0]);
  expect(counted('gateway_requests_total_4xx')).toEqual([1, 0, 0]);
  expect(counted('gateway_requests_total_5xx')).toEqual([1, 0, 0]);
  expect(counted('gateway_requests_total_none')).toEqual([1, 0, 0]);
  expect(counted('gateway_key_auth_blocked_total')).toEqual([1, 0, 0]);
  expect(counted('gateway_limited_total')).toEqual([1, 0, 0]);
  expect(counted('gateway_limited_total_heavy')).toEqual([1, 0, 0]);
  expect(counted('gateway_uncounted_total_allowed')).toEqual([1, 0, 0]);
  expect(counted('gateway_uncounted_total_refused')).toEqual([0, 0, 0]);
  expect(counted('gateway_streams_cut_total_locked_down')).toEqual([1, 0, 0]);
  expect(counted('gateway_request_duration_seconds_count')).toEqual([6, 1, 0]);
  expect(counted('gateway_request_duration_seconds_sum')).toEqual([3, 1.5, 0]);
});

test('a line tells of gauges as they are, and of several issuers the oldest', async () => {
  const { metrics, time } = start();
  metrics.leases(4);
  metrics.lockedDown(true);
  metrics.keySetAge('https://one.acme.com/', 10);
  metrics.keySetAge('https://two.acme.com/', 90);
  await time.pass();
  await time.pass();
  expect(parsed().map((line) => [line.gateway_leases_open, line.gateway_locked_down, line.gateway_jwks_age_seconds])).toEqual([[4, 1, 90], [4, 1, 90]]);
});

test('units are what the figures are in', async () => {
  const { time } = start();
  await time.pass();
  const units = new Map(parsed()[0]?._aws.CloudWatchMetrics[0]?.Metrics.map(({ Name, Unit }) => [Name, Unit]));
  expect(['gateway_requests_total_5xx', 'gateway_request_duration_seconds_sum', 'gateway_request_duration_seconds_count', 'process_resident_memory_bytes'].map((name) => units.get(name)))
    .toEqual(['Count', 'Seconds', 'Count', 'Bytes']);
});

test('nobody is named in a line', async () => {
  const { metrics, time } = start();
  metrics.keySetAge('https://login.acme.com/', 1);
  await time.pass();
  expect(lines.join('')).not.toContain('acme.com');
});

test('what came after the last minute is in a last line, and none follows', async () => {
  const { metrics, time, emf } = start();
  await time.pass();
  metrics.request(200, 1);
  await emf.stop();
  expect(parsed().map((line) => line.gateway_requests_total)).toEqual([0, 1]);
  await emf.stop();
  await time.pass();
  expect(lines).toHaveLength(2);
});

test('what could not be written is in the next line', async () => {
  let isStuck = true;
  const { metrics, time } = start({
    write: (line) => {
      if (isStuck) throw new Error('stuck');
      lines.push(line);
    },
  });
  metrics.request(200, 1);
  await time.pass();
  isStuck = false;
  metrics.request(200, 1);
  await time.pass();
  expect(parsed().map((line) => line.gateway_requests_total)).toEqual([2]);
});
