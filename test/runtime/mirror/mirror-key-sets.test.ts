import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoKeySets } from '../../../src/runtime/mirror/dynamo-key-sets';
import { mirrorKeySets } from '../../../src/runtime/mirror/mirror-key-sets';
import { CorpusKeys } from '../gate/corpora/mint';

const keys = new CorpusKeys();
const A = 'https://a.example/jwks.json';
const B = 'https://b.example/jwks.json';

/** Issuers by their URI; a list is what they answer one after the other. */
function run(uris: readonly string[], answers: Readonly<Record<string, (() => Response | Promise<Response>)[]>>, put: () => Promise<void> = () => Promise.resolve()) {
  const stored: [string, { keys: Record<string, unknown>[] }, number][] = [];
  const lines: object[] = [];
  const pauses: number[] = [];
  const asked: [string, RequestInit | undefined][] = [];
  const done = mirrorKeySets(uris, {
    store: {
      put: async (uri, document, fetchedAt) => {
        await put();
        stored.push([uri, JSON.parse(document) as { keys: Record<string, unknown>[] }, fetchedAt]);
      },
    },
    fetch: (uri, init) => {
      asked.push([String(uri), init]);
      const answer = answers[String(uri)]?.shift();
      return answer ? Promise.resolve(answer()) : Promise.reject(new TypeError('fetch failed'));
    },
    wait: (milliseconds) => {
      pauses.push(milliseconds);
      return Promise.resolve();
    },
    clock: () => 1_800_000_000_900,
    log: (line) => lines.push(line),
  });
  return { done, stored, lines, pauses, asked };
}

const publish = (document = keys.document()) => () => new Response(document);

describe('the mirror', () => {
  test('copies the key set of every issuer, with the time before it asked', async () => {
    const { done, stored, lines } = run([A, B], { [A]: [publish()], [B]: [publish(keys.document(keys.jwk('stranger')))] });
    await done;
    expect(stored.map(([uri, { keys: copied }, fetchedAt]) => [uri, copied.map(({ kid }) => kid), fetchedAt])).toEqual([
      [A, ['published', 'published-ec'], 1_800_000_000], [B, ['stranger'], 1_800_000_000],
    ]);
    expect(lines).toEqual([A, B].map((uri) => ({ event: 'key-set-mirrored', uri })));
  });

  test('follows no redirect and tells nobody anything', async () => {
    const { done, asked } = run([A], { [A]: [publish()] });
    await done;
    expect(asked).toEqual([[A, { redirect: 'manual', signal: expect.any(AbortSignal) as AbortSignal, headers: { 'accept': 'application/json', 'accept-encoding': 'identity' } }]]);
  });

  test('tries three times, with pauses that grow', async () => {
    const { done, stored, pauses } = run([A], { [A]: [() => new Response('', { status: 500 }), publish('<html>'), publish()] });
    await done;
    expect([stored.length, pauses]).toEqual([1, [0, 200, 400]]);
  });

  test.each<[string, string, () => Response]>([
    ['an error', 'key-set-status', () => new Response('', { status: 503 })],
    ['a redirect', 'key-set-redirected', () => new Response(null, { status: 301, headers: { location: B } })],
    ['a page', 'key-set-malformed', publish('<html>')],
    ['a private key', 'key-set-private', publish(keys.document(keys.privateJwk('published')))],
    ['a secret', 'key-set-private', publish(keys.document({ kty: 'oct', k: 'c2VjcmV0' }))],
    ['a short key', 'key-set-weak', publish(keys.document(keys.jwk('short')))],
    ['too much', 'key-set-too-large', publish(' '.repeat(200_000))],
  ])('keeps what is there where an issuer answers with %s, copies the others, and fails', async (_, code, answer) => {
    const { done, stored, lines } = run([A, B], { [A]: [answer, answer, answer], [B]: [publish()] });
    await expect(done).rejects.toThrow('1 of 2 key sets could not be mirrored; the log says which.');
    expect(stored.map(([uri]) => uri)).toEqual([B]);
    expect(lines).toContainEqual({ event: 'key-set-not-mirrored', uri: A, code });
  });

  test('fails where nobody answers, or the table does not', async () => {
    await expect(run([A], {}).done).rejects.toThrow('1 of 1');
    const { done, lines } = run([A], { [A]: [publish(), publish(), publish()] }, () => Promise.reject(new Error('AccessDenied for arn:aws:dynamodb')));
    await expect(done).rejects.toThrow('1 of 1');
    expect(JSON.stringify(lines)).not.toMatch(/AccessDenied|arn:/);
  });

  test('asks nobody without TLS, this machine included', async () => {
    for (const uri of ['http://a.example/jwks', 'http://127.0.0.1/jwks', 'https://user:password@a.example/jwks', 'file:///etc/passwd', '']) {
      const { done, asked } = run([uri], { [uri]: [publish()] });
      await expect(done).rejects.toThrow('1 of 1');
      expect(asked).toEqual([]);
    }
  });
});

test('a key set is one item of the partition that the gates read', async () => {
  const sent: unknown[] = [];
  const client = {
    send: (command: { input: unknown }) => {
      sent.push(command.input);
      return Promise.resolve({});
    },
  } as unknown as DynamoDBClient;
  await new DynamoKeySets(client, 'Gate').put(A, '{"keys":[]}', 7);
  expect(sent).toEqual([{ TableName: 'Gate', Item: { pk: { S: 'jwks' }, sk: { S: A }, document: { S: '{"keys":[]}' }, fetchedAt: { N: '7' } } }]);
});
