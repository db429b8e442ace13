import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { listenOnLoopback } from '../../src/drill/services/loopback';

/** What becomes of a call: it is passed on, cut off, left waiting, or done with its answer lost. */
export type Fate = 'pass' | 'cut' | 'silence' | 'lose';

export interface AwsCall {
  /** Such as `DynamoDB_20120810.PutItem`. */
  readonly target: string;
  readonly body: string;
}

/** Stands between a function and the emulator. */
export interface AwsRelay {
  readonly endpoint: string;
  /** All that was asked, also what was cut off. */
  readonly calls: AwsCall[];
  /** Says what becomes of each call. */
  decide(fateOf: (call: AwsCall) => Fate): void;
  stop(): Promise<void>;
}

export async function startAwsRelay(endpoint: string): Promise<AwsRelay> {
  const { hostname, port } = new URL(endpoint);
  const calls: AwsCall[] = [];
  let fateOf: (call: AwsCall) => Fate = () => 'pass';
  const server = await listenOnLoopback(createServer((incoming, outgoing) => {
    relay(incoming, outgoing).catch(() => outgoing.destroy());
  }));
  return {
    endpoint: `http://127.0.0.1:${server.port}`,
    calls,
    decide: (next) => {
      fateOf = next;
    },
    stop: () => server.stop(),
  };

  async function relay(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await buffer(incoming);
    const call = { target: String(incoming.headers['x-amz-target'] ?? incoming.url), body: body.toString() };
    calls.push(call);
    const fate = fateOf(call);
    if (fate === 'cut') outgoing.destroy();
    if (fate === 'cut' || fate === 'silence') return;
    const { method, url: path, headers } = incoming;
    request({ hostname, port, method, path, headers, agent: false }, (answer) => {
      void buffer(answer).then((said) => {
        if (fate === 'lose') outgoing.destroy();
        else outgoing.writeHead(answer.statusCode ?? 502, { 'content-type': answer.headers['content-type'] ?? '' }).end(said);
      });
    }).on('error', () => outgoing.destroy()).end(body);
  }
}
