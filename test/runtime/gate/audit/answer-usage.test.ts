import * as fc from 'fast-check';
import type { IncomingHttpHeaders } from 'node:http';
import { usageReader } from '../../../../src/runtime/gate/audit/answer-usage';
import type { AnswerUsage } from '../../../../src/runtime/gate/ports';

const JSON_TYPE = { 'content-type': 'application/json' };
const SSE_TYPE = { 'content-type': 'text/event-stream; charset=utf-8' };
const USAGE = { prompt_tokens: 11, completion_tokens: 22, total_tokens: 33 };
const STATED: AnswerUsage = { model: 'gpt-4o', promptTokens: 11, completionTokens: 22, totalTokens: 33 };

function read(headers: IncomingHttpHeaders, ...chunks: (string | Buffer)[]): AnswerUsage {
  const reader = usageReader(headers);
  for (const chunk of chunks) reader.push(Buffer.from(chunk));
  return reader.read();
}

const completion = (changes: object = {}): string => JSON.stringify({ id: 'c-1', model: 'gpt-4o', choices: [{ message: { content: 'hällo' } }], usage: USAGE, ...changes });
const chunkOf = (changes: object): string =>
  JSON.stringify({ id: 'c-1', object: 'chat.completion.chunk', model: 'gpt-4o', choices: [{ delta: { content: 'wörd \u{1F600}' } }], usage: null, ...changes });
const stream = (end: string): string => [chunkOf({}), chunkOf({}), chunkOf({ choices: [], usage: USAGE }), '[DONE]'].map((data) => `data: ${data}${end}${end}`).join('');
/** As bytes, cut at these places. */
function pieces(text: string, cuts: readonly number[]): Buffer[] {
  const bytes = Buffer.from(text);
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((one, other) => one - other), bytes.length];
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end));
}

describe('a JSON body', () => {
  test('states model and counts', () => expect(read(JSON_TYPE, completion())).toEqual(STATED));

  test.each<[string, object, AnswerUsage]>([
    ['input and output tokens', { usage: { input_tokens: 5, output_tokens: 6 } }, { model: 'gpt-4o', promptTokens: 5, completionTokens: 6 }],
    ['no model', { model: undefined }, { promptTokens: 11, completionTokens: 22, totalTokens: 33 }],
    ['counts that are none', { usage: { prompt_tokens: -1, completion_tokens: 1.5, total_tokens: '3' } }, { model: 'gpt-4o' }],
    ['a count beyond what is exact', { usage: { prompt_tokens: 2 ** 53, completion_tokens: 1 } }, { model: 'gpt-4o', completionTokens: 1 }],
    ['a model that is no text', { model: { a: 1 } }, { promptTokens: 11, completionTokens: 22, totalTokens: 33 }],
    ['no usage', { usage: null }, {}],
    ['a usage that is a text', { usage: '{"prompt_tokens":1}' }, {}],
    ['the model\'s own words', { usage: undefined, choices: [{ message: { content: '"usage":{"prompt_tokens":666} ,"usage": {"prompt_tokens":666}' } }] }, {}],
    ['the model\'s own words beside the usage', { choices: [{ message: { content: '","usage":{"prompt_tokens":666}}' } }] }, STATED],
    ['a usage further down', { usage: undefined, choices: [{ usage: { prompt_tokens: 666 } }] }, { model: 'gpt-4o' }],
    ['names that every object has', { usage: { __proto__: null, constructor: 1 } }, { model: 'gpt-4o' }],
  ])('with %s', (_, changes, stated) => expect(read(JSON_TYPE, completion(changes))).toEqual(stated));

  test.each(['', '{', '[]', '"usage":{}', '["usage":{', '{"usage":{"prompt_tokens":1}', `${'['.repeat(20_000)}"usage":{`, '\u0000"usage":{'])('that is no object states nothing: %#', (body) => {
    expect(read(JSON_TYPE, body)).toEqual({});
  });

  test('states nothing where it is longer than 64 KB, however it comes, and all of it up to there', () => {
    const long = (bytes: number): string => completion({ x: 'x'.repeat(bytes - completion({ x: '' }).length - 1) });
    expect(Buffer.byteLength(long(65_536))).toBe(65_536);
    expect(read(JSON_TYPE, long(65_536))).toEqual(STATED);
    expect(read(JSON_TYPE, long(65_537))).toEqual({});
    expect(read(JSON_TYPE, ...pieces(long(65_537), [9, 65_536]))).toEqual({});
    expect(read({ ...JSON_TYPE, 'content-length': '65537' }, completion())).toEqual({});
  });
});

describe('a stream', () => {
  test.each(['\n', '\r\n', '\r'])('states what its last event says: %j', (end) => expect(read(SSE_TYPE, stream(end))).toEqual(STATED));

  test.each<[string, string, AnswerUsage]>([
    ['of data in several lines', 'event: x\ndata: {"model":"gpt-4o",\ndata:"usage": {"prompt_tokens":1,\ndata: "completion_tokens":2}}\nid: 1\n\n',
      { model: 'gpt-4o', promptTokens: 1, completionTokens: 2 }],
    ['of Anthropic\'s events',
      'event: message_start\ndata: {"message":{"model":"claude-x","usage":{"input_tokens":7,"output_tokens":1}}}\n\nevent: message_delta\ndata: {"usage":{"output_tokens":9}}\n\n',
      { model: 'claude-x', promptTokens: 7, completionTokens: 9 }],
    ['of OpenAI\'s Responses', 'data: {"type":"response.completed","response":{"model":"gpt-4o","usage":{"input_tokens":3,"output_tokens":4,"total_tokens":7}}}\n\n',
      { model: 'gpt-4o', promptTokens: 3, completionTokens: 4, totalTokens: 7 }],
    ['without the last blank line', 'data: {"usage":{"prompt_tokens":1}}', { promptTokens: 1 }],
    ['that was cut in the middle of it', 'data: {"usage":{"prompt_tokens":1}', {}],
    ['of comments and other fields', ': {"usage":{"prompt_tokens":1}}\n\nevent: "usage":{"prompt_tokens":1}\n\ndatas: {"usage":{"prompt_tokens":1}}\n\n', {}],
    ['of the model\'s own words', `data: ${chunkOf({ choices: [{ delta: { content: '"usage":{"prompt_tokens":666}' } }] })}\n\n`, {}],
    ['of the model\'s own words in lines', `data: ${chunkOf({ choices: [{ delta: { content: '\n\ndata: {"usage":{"prompt_tokens":666}}\n\n' } }] })}\n\n`, {}],
    ['of nothing', '', {}],
  ])('%s', (_, text, stated) => expect(read(SSE_TYPE, text)).toEqual(stated));

  test('an event of more than 64 KB states nothing, and the next one does', () => {
    const long = `data: {"usage":{"prompt_tokens":666},"x":"${'x'.repeat(65_536)}"}\n\n`;
    const inLines = `data: {"usage":{"prompt_tokens":666},\n${`data: "x":"${'x'.repeat(30_000)}",\n`.repeat(3)}data: "y":1}\n\n`;
    expect(read(SSE_TYPE, long)).toEqual({});
    expect(read(SSE_TYPE, inLines)).toEqual({});
    expect(read(SSE_TYPE, long + inLines + stream('\n'))).toEqual(STATED);
  });
});

describe('wherever a body is cut', () => {
  const bodies = fc.constantFrom<[IncomingHttpHeaders, string]>(
    [JSON_TYPE, completion()], [JSON_TYPE, completion({ x: 'x'.repeat(70_000) })], [SSE_TYPE, stream('\n')], [SSE_TYPE, stream('\r\n')], [SSE_TYPE, stream('\r')],
    [SSE_TYPE, `${stream('\n')}data: {"usage":{"prompt_tokens":4}}`],
    [SSE_TYPE, `data: {"usage":{"prompt_tokens":1},"x":"${'y'.repeat(66_000)}"}\r\n\r\n${stream('\r\n')}`], [SSE_TYPE, '\r\n\n\r: x\r\ndata\rdata:{"usage":\ndata:{"prompt_tokens":2}}\r\n\r\n'],
  );
  test('it states the same', () => {
    fc.assert(fc.property(bodies, fc.array(fc.nat(), { maxLength: 40 }), ([headers, text], cuts) => {
      expect(read(headers, ...pieces(text, cuts))).toEqual(read(headers, text));
    }), { numRuns: 500 });
  });

  test('byte by byte too', () => {
    for (const end of ['\n', '\r\n', '\r']) expect(read(SSE_TYPE, ...Array.from(Buffer.from(stream(end)), (byte) => Buffer.from([byte])))).toEqual(STATED);
    expect(read(JSON_TYPE, ...Array.from(Buffer.from(completion()), (byte) => Buffer.from([byte])))).toEqual(STATED);
  });

  test('nothing that comes makes it throw', () => {
    const noise = fc.array(fc.oneof(fc.uint8Array(), fc.constantFrom('data:', '\r', '\n', '\n\n', '"usage"', ':{', '}', 'data: {"usage":{"prompt_tokens":1}}').map((text) => Buffer.from(text))));
    fc.assert(fc.property(fc.constantFrom(JSON_TYPE, SSE_TYPE), noise, (headers, chunks) => {
      const whole = read(headers, Buffer.concat(chunks));
      expect(read(headers, ...chunks.map((chunk) => Buffer.from(chunk)))).toEqual(whole);
    }));
  });
});

describe('headers', () => {
  const HEADERS = { 'x-core-model': 'ours', 'x-core-prompt-tokens': '1', 'x-core-completion-tokens': '2' };

  test('win over what the body states, also its total', () => {
    expect(read({ ...JSON_TYPE, ...HEADERS }, completion())).toEqual({ model: 'ours', promptTokens: 1, completionTokens: 2 });
  });
  test('state counts, and the body the model', () => {
    expect(read({ ...SSE_TYPE, 'x-core-prompt-tokens': '9' }, stream('\n'))).toEqual({ model: 'gpt-4o', promptTokens: 9 });
  });
  test('state the model, and the body counts', () => {
    expect(read({ ...JSON_TYPE, 'x-core-model': 'ours' }, completion())).toEqual({ ...STATED, model: 'ours' });
  });
  test('state something of an answer of any kind', () => expect(read({ 'content-type': 'image/png', ...HEADERS })).toEqual({ model: 'ours', promptTokens: 1, completionTokens: 2 }));
  test.each(['', '-1', '1.5', '1e3', ' 1', '0x1', '1, 1', '9'.repeat(16)])('that are no counts state nothing: %j', (count) => {
    expect(read({ 'x-core-prompt-tokens': count })).toEqual({});
  });
});

test.each<IncomingHttpHeaders>([
  {}, { 'content-type': 'text/plain' }, { 'content-type': 'application/json-seq' }, { ...JSON_TYPE, 'content-encoding': 'gzip' }, { 'content-type': 'constructor' },
])('an answer of %j is not read', (headers) => {
  expect(read(headers, completion())).toEqual({});
});

test.each<IncomingHttpHeaders>([{ 'content-type': 'Application/JSON;charset=UTF-8' }, { ...JSON_TYPE, 'content-encoding': 'identity' }])('an answer of %j is read', (headers) => {
  expect(read(headers, completion())).toEqual(STATED);
});
