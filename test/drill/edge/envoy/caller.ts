import { connect as tcp, type Socket } from 'node:net';
import { connect as tlsOver, type ConnectionOptions } from 'node:tls';

/** How one connection to an edge is made and what is sent on it. */
export interface Call {
  readonly method?: string;
  readonly path?: string;
  /** In the order in which they are sent; a name may come again. */
  readonly headers?: readonly (readonly [string, string])[];
  /** The address in the PROXY line; none is sent without it. */
  readonly from?: string;
  readonly tls?: ConnectionOptions;
}

export interface Reply {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

const SILENCE_MS = 5000;

/** Makes one HTTP/1.1 request on a connection of its own. Rejects where none is made or no answer comes. */
export async function call(port: number, { method = 'GET', path = '/', headers = [], from, tls }: Call = {}): Promise<Reply> {
  const lines = [`${method} ${path} HTTP/1.1`, ...withHost(headers).map(([name, value]) => `${name}: ${value}`), 'connection: close', '', ''];
  const received = await exchange(await connect(port, from, tls), lines.join('\r\n'));
  const end = received.indexOf('\r\n\r\n');
  const [statusLine = '', ...fields] = received.slice(0, end).split('\r\n');
  const map = new Map(fields.map((field) => [field.slice(0, field.indexOf(':')).toLowerCase(), field.slice(field.indexOf(':') + 1).trim()]));
  const rest = received.slice(end + 4);
  return { status: Number(statusLine.split(' ')[1]), headers: map, body: map.get('transfer-encoding') === 'chunked' ? unchunked(rest) : rest };
}

/** A connection with its handshake done. */
export async function connect(port: number, from?: string, options?: ConnectionOptions): Promise<Socket> {
  const socket = tcp(port, '127.0.0.1');
  if (from !== undefined) socket.write(`PROXY TCP4 ${from} 127.0.0.1 40000 443\r\n`);
  const connection = options ? tlsOver({ socket, rejectUnauthorized: false, ...options }) : socket;
  await new Promise((resolve, reject) => connection.once(options ? 'secureConnect' : 'connect', resolve).once('error', reject).once('close', () => reject(new Error('closed'))));
  return connection;
}

function exchange(connection: Socket, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = '';
    connection.setEncoding('latin1').setTimeout(SILENCE_MS, () => connection.destroy(new Error('silence')));
    connection.on('data', (chunk: string) => (received += chunk)).on('error', reject);
    connection.on('close', () => (received === '' ? reject(new Error('closed without an answer')) : resolve(received)));
    connection.write(text);
  });
}

function withHost(headers: readonly (readonly [string, string])[]): readonly (readonly [string, string])[] {
  return headers.some(([name]) => name.toLowerCase() === 'host') ? headers : [['host', 'core.test'], ...headers];
}

function unchunked(text: string): string {
  const length = Number.parseInt(text, 16);
  if (!(length > 0)) return '';
  const start = text.indexOf('\r\n') + 2;
  return text.slice(start, start + length) + unchunked(text.slice(start + length + 2));
}
