import { createHash } from 'node:crypto';
import { setTimeout as after } from 'node:timers/promises';
import { Duration } from 'aws-cdk-lib';
import OpenAI from 'openai';
import { bundleRuntime } from '../../../tools/bundle-runtime';
import { type ClientOptions, openAiAt } from '../../../tools/trial/client';
import { KEYS_ALONE, SCOPES } from '../../../tools/trial/core';
import { openStand, type Stand } from '../../../tools/trial/stand';

const IDLE_SECONDS = 25;
/** More than all other tests need, and back so slowly that a busy machine asks for more all the same. */
const BURST = 60;
/** The Core's words, to somebody whom the gate names. */
const SAID = 'Hello drill, the gate let you in.';
const messages = [{ role: 'user', content: 'Hello?' }] as const;

let stand: Stand;
let stop: () => Promise<void> = () => Promise.resolve();
beforeAll(async () => {
  bundleRuntime();
  stand = await openStand({ authorizer: KEYS_ALONE, streamIdleTimeout: Duration.seconds(IDLE_SECONDS), limits: { perSecond: 1, burst: BURST } });
  stop = () => stand.stop();
}, 120_000);
afterAll(() => stop());

/** What a gate on a busy machine refuses, since Redis is slow (503), is tried again, as OpenAI's clients do by themselves. */
const PATIENT: ClientOptions = { maxRetries: 8 };

/** A client with a key of its own; it tries once. */
async function client(scopes: readonly string[], options: ClientOptions = {}): Promise<OpenAI> {
  return openAiAt(stand, await stand.makeKey(...scopes), { maxRetries: 0, ...options });
}

/** What a refused request throws. */
async function thrown(request: PromiseLike<unknown>): Promise<InstanceType<typeof OpenAI.APIError>> {
  const error: unknown = await Promise.resolve(request).then(() => undefined, (reason: unknown) => reason);
  if (!(error instanceof OpenAI.APIError)) throw new Error('It was no error of the API.', { cause: error });
  return error;
}

/** Waits for what happens elsewhere; well below the time after which the gate thinks anybody idle. */
async function soon(holds: () => boolean): Promise<void> {
  const end = Date.now() + 8000;
  while (!holds()) {
    if (Date.now() > end) throw new Error('It did not come to that.');
    await after(10);
  }
}

const textOf = (chunks: readonly OpenAI.Chat.ChatCompletionChunk[]): string => chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('');

describe('OpenAI\'s client, through the edge and the gate', () => {
  test.each([
    ['the edge', {}], ['the gate alone', { isStraight: true }],
  ])('streams a chat completion through %s, and the Core learns who calls and not with which key', async (_, options) => {
    const secret = await stand.makeKey('chat');
    const stream = await openAiAt(stand, secret, options).chat.completions.create({ model: 'sample', messages: [...messages], stream: true });
    const chunks: OpenAI.Chat.ChatCompletionChunk[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    expect(textOf(chunks)).toBe(SAID);
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('stop');
    const { headers, body } = stand.core.requests.at(-1) ?? {};
    expect(headers?.['x-auth-request-user']).toBe('drill');
    expect(headers?.authorization).toBeUndefined();
    expect(JSON.stringify(headers)).not.toContain(secret);
    expect(body?.toString()).not.toContain(secret);
  });

  test('gets a whole completion, its request id, the list of models and embeddings', async () => {
    const openai = await client(['chat', 'embeddings'], PATIENT);
    const { data, response, request_id: requestId } = await openai.chat.completions.create({ model: 'sample', messages: [...messages] }).withResponse();
    expect(data.choices[0]?.message.content).toBe(SAID);
    expect(requestId).toMatch(/^[\w-]{36}$/);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect((await openai.models.list()).data.map(({ id }) => id)).toEqual(['sample']);
    expect((await openai.embeddings.create({ model: 'sample', input: 'Hello?' })).data[0]?.embedding).toEqual([0.5, -0.25, 0.125]);
  });

  test('uploads a file of 5 MB, of which every byte arrives', async () => {
    const content = Buffer.from(Array.from({ length: 5_000_000 }, (_, index) => (index * 31) % 251));
    const uploaded = await (await client(SCOPES, PATIENT)).files.create({ purpose: 'assistants', file: new File([content], 'five.bin') });
    expect(uploaded.bytes).toBeGreaterThan(content.length);
    const body = stand.core.requests.at(-1)?.body ?? Buffer.alloc(0);
    const start = body.indexOf(content.subarray(0, 1024));
    const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
    expect(digest(body.subarray(start, start + content.length))).toBe(digest(content));
  });

  test('has each word as soon as the Core says it, and when it goes in the middle, it is gone for the Core too, long before anybody is thought idle', async () => {
    const left = stand.core.abandoned();
    const stream = await (await client(['chat'], PATIENT)).chat.completions.create({ model: 'quiet-600s', messages: [...messages], stream: true });
    for await (const chunk of stream) {
      expect(chunk.choices[0]?.delta.content).toBe('Hello ');
      stream.controller.abort();
    }
    await soon(() => stand.core.abandoned() === left + 1);
  });
});

describe('what the gate refuses is an error of OpenAI\'s client, with the gate\'s code, words and request id', () => {
  const refused = async (request: PromiseLike<unknown>): Promise<object> => {
    const before = stand.core.requests.length;
    const error = await thrown(request);
    expect(stand.core.requests).toHaveLength(before);
    expect(error.requestID).toMatch(/^[\w-]{36}$/);
    expect(error.error).toMatchObject({ request_id: error.requestID });
    return { class: error.constructor, status: error.status as unknown, code: error.code, type: error.type, message: error.message };
  };

  test('a key that nobody made: 401', async () => {
    expect(await refused(openAiAt(stand, `ctx_${'A'.repeat(43)}`, { maxRetries: 0 }).models.list())).toEqual({
      class: OpenAI.AuthenticationError, status: 401, code: 'unauthenticated', type: 'unauthenticated', message: '401 A valid credential is required.',
    });
  });

  test('a key without the scope: 403', async () => {
    expect(await refused((await client(['chat'])).embeddings.create({ model: 'sample', input: 'Hello?' }))).toEqual({
      class: OpenAI.PermissionDeniedError, status: 403, code: 'forbidden', type: 'forbidden', message: '403 The credential does not permit this.',
    });
  });

  // The edge has no rule for such a path, and closes while such a file is still being sent: these ask the gate itself.
  test('a name in the path that two programs could read differently: 400', async () => {
    expect(await refused((await client(SCOPES, { isStraight: true })).models.retrieve('acme/large'))).toEqual({
      class: OpenAI.BadRequestError, status: 400, code: 'bad_request', type: 'bad_request', message: '400 The request is malformed.',
    });
  });

  test('a file that is longer than the gate takes: 413', async () => {
    const file = new File([Buffer.alloc(11 * 1024 * 1024)], 'eleven.bin');
    // Whose connection breaks while he still sends tries again, as OpenAI's clients do by themselves.
    const openai = await client(SCOPES, { ...PATIENT, isStraight: true });
    expect(await refused(openai.files.create({ purpose: 'assistants', file }))).toMatchObject({ class: OpenAI.APIError, status: 413, code: 'too_large' });
  });
});

describe(`a Core that is silent, where streams may be idle for ${IDLE_SECONDS} seconds`, () => {
  const chat = async (model: string, options?: ClientOptions): Promise<string> => {
    const chunks: OpenAI.Chat.ChatCompletionChunk[] = [];
    const stream = await (await client(['chat'], options)).chat.completions.create({ model, messages: [...messages], stream: true });
    for await (const chunk of stream) chunks.push(chunk);
    return textOf(chunks);
  };
  const asked: { shorter?: Promise<unknown>; longer?: Promise<unknown>; fromTheStart?: Promise<unknown> } = {};
  let left = 0;
  beforeAll(() => {
    left = stand.core.abandoned();
    const settled = (text: Promise<string>): Promise<unknown> => text.catch((error: unknown) => error);
    // All at once, since each takes its time; the edge is as impatient as the gate, so who cuts is asked of the gate alone.
    asked.shorter = settled(chat('quiet-20s', PATIENT));
    asked.longer = settled(chat('quiet-600s', { ...PATIENT, isStraight: true }));
    asked.fromTheStart = settled(chat('slow-600s', { isStraight: true }));
  });

  test('for less than that is waited for', async () => {
    expect(await asked.shorter).toBe(SAID);
  }, 60_000);

  test('for longer is cut off in the middle, which no client takes for the end', async () => {
    expect(await asked.longer).toMatchObject({ name: 'TypeError', message: 'terminated' });
  }, 60_000);

  test('and said nothing at all is answered 504 in its place', async () => {
    expect(await asked.fromTheStart).toMatchObject({ constructor: OpenAI.InternalServerError, status: 504, code: 'upstream_timeout', message: '504 The service took too long to answer.' });
  }, 60_000);

  test('is not kept busy, and the log says what the answer does not', async () => {
    await Promise.all([asked.longer, asked.fromTheStart]);
    await soon(() => stand.core.abandoned() === left + 2 && stand.gateOutput().includes('"core-silent"'));
  }, 60_000);
});

/** Redis is slow: nothing is known, and nothing is said about budgets. */
const isBusy = (error: unknown): boolean => error instanceof OpenAI.InternalServerError && error.status === 503;

/** In all, until one is refused. */
const MAX_ASKED = 20 * BURST;

// The last, since every key here is of one owner, whose budget it uses up.
test('more requests than a caller may send are refused as OpenAI\'s client knows it: 429', async () => {
  const openai = await client(['chat']);
  const errors: unknown[] = [];
  let others = 0;
  for (let left = MAX_ASKED; left > 0 && errors.length === 0; left -= 2 * BURST) {
    const answers = await Promise.allSettled(Array.from({ length: 2 * BURST }, () => openai.models.list()));
    errors.push(...answers.flatMap((answer) => (answer.status === 'rejected' && !isBusy(answer.reason) ? [answer.reason as unknown] : [])));
    // Where Redis was slow, requests that were answered 503 may have used the budget up, so that all of the next are refused.
    others += answers.length - errors.length;
  }
  expect(errors.length).toBeGreaterThan(0);
  expect(others).toBeGreaterThan(0);
  for (const error of errors) expect(error).toMatchObject({ constructor: OpenAI.RateLimitError, status: 429, code: 'rate_limited', message: '429 Too many requests.' });
});
