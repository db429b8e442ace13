import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { answerOf, rawAnswer, type Answer } from '../../../src/runtime/gate/refusal-answer';
import { checkRequest } from '../../../src/runtime/gate/hygiene';
import { Refusal } from '../../../src/runtime/gate/refusal';
import { bytesOf, RAW_REQUESTS } from './corpora/raw-requests';

/** Node's own parser with the hygiene behind it, and nothing else of the gate: what the corpus says about the two is tried here. */
describe('requests that no client would send', () => {
  const judged: ('refused' | 'forwarded')[] = [];
  let server: Server;

  beforeAll(async () => {
    const answer = (request: IncomingMessage, response: ServerResponse): void => {
      const { status, headers, body } = judge(request);
      response.writeHead(status, headers).end(body);
    };
    // As the gate has it: what Node would answer in words of its own is the hygiene's.
    server = createServer({ requireHostHeader: false }, answer);
    server.on('checkExpectation', answer);
    server.on('upgrade', (request: IncomingMessage, socket: Duplex) => socket.end(rawAnswer(judge(request))));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  beforeEach(() => judged.splice(0));

  function judge({ method = '', url = '', rawHeaders, httpVersion }: IncomingMessage): Answer {
    try {
      checkRequest({ method, url, rawHeaders, httpVersion }, undefined);
      judged.push('forwarded');
      return { status: 200, headers: { 'content-length': '0', 'connection': 'close' }, body: '' };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      judged.push('refused');
      return answerOf(error, 'id');
    }
  }

  async function answerTo(bytes: string): Promise<string> {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    // Bytes behind a refusal meet a closed socket.
    socket.on('error', () => undefined);
    socket.write(bytes, 'latin1');
    await once(socket, 'close');
    return Buffer.concat(chunks).toString('latin1');
  }

  test.each(RAW_REQUESTS.map((each) => [each.name, each] as const))('%s', async (_name, each) => {
    const answer = await answerTo(bytesOf(each, { host: 'gate.test', path: '/v1/models', credential: 'X-Credential: good\r\n' }));
    const statuses = [...answer.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));
    expect({ judged, statuses: each.status === undefined ? [] : statuses }).toEqual({
      judged: each.expected === 'refused-by-parser' ? [] : [each.expected],
      statuses: each.status === undefined ? [] : [each.status],
    });
  });
});
