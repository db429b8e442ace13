import { createPki } from '../../../src/drill/services/pki';
import { type Post, startTapped, type TappedServer } from '../../../src/drill/services/tapped-server';

const POST: Post = { path: '/v1/traces', headers: { 'x-key': 'k3y-k3y-k3y' }, body: 'a span' };

const received: Post[] = [];
let tapped: TappedServer | undefined;

beforeEach(() => received.splice(0));
afterEach(() => tapped?.stop());

const answer = (post: Post): number => {
  received.push(post);
  return post.path === POST.path ? 200 : 404;
};

test('in clear, whoever is on the way has every word', async () => {
  tapped = await startTapped(undefined, answer);
  await expect(tapped.send(POST)).resolves.toBe(200);
  for (const word of ['POST /v1/traces', 'x-key: k3y-k3y-k3y', 'a span']) expect(tapped.overheard()).toContain(word);
});

test('by TLS it arrives all the same, and whoever is on the way has bytes and none of the words', async () => {
  tapped = await startTapped(await createPki(), answer);
  await expect(tapped.send(POST)).resolves.toBe(200);
  expect(received).toMatchObject([POST]);
  expect(tapped.overheard().length).toBeGreaterThan(100);
  for (const word of ['/v1/traces', 'k3y-k3y-k3y', 'a span']) expect(tapped.overheard()).not.toContain(word);
});

test('answers as it is told to', async () => {
  tapped = await startTapped(undefined, answer);
  await expect(tapped.send({ ...POST, path: '/other' })).resolves.toBe(404);
});

test('nothing is sent to a server for which nobody vouches', async () => {
  const [pki, stranger] = await Promise.all([createPki(), createPki()]);
  tapped = await startTapped({ server: pki.server, serverCaPem: stranger.serverCaPem }, answer);
  await expect(tapped.send(POST)).rejects.toThrow();
  expect(received).toEqual([]);
});
