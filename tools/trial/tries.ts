import { execFile } from 'node:child_process';

/** Which way a request takes. */
export interface Door {
  readonly url: string;
  /** What curl has to be told about this door. */
  readonly options: string;
  readonly isEdge: boolean;
}

/** A command as it is printed, and what it is to be answered. */
export interface Try {
  readonly title: string;
  /** For a shell that has the key in KEY. */
  readonly command: string;
  readonly status: number;
}

export interface Outcome extends Try {
  /** What curl showed, headers included; what it complained of where there was no answer. */
  readonly shown: string;
  /** Undefined where there was no answer. */
  readonly answered?: number;
}

/** A stream takes less than a second. */
const PATIENCE_MS = 20_000;

const CREDENTIAL = '-H "x-api-key: $KEY"';
const BODY = (text: object): string => `-H 'content-type: application/json' -d '${JSON.stringify(text)}'`;

/** One that works and three that do not, of a caller whose key has the scope `chat`. */
export function triesAt({ url, options, isEdge }: Door): readonly [works: Try, ...refused: Try[]] {
  const curl = (rest: string): string => `curl -sS -i ${options} ${rest}`;
  const chat = BODY({ model: 'sample', stream: true, messages: [{ role: 'user', content: 'Hello?' }] });
  return [
    { title: 'A key with the scope that the route asks for; the answer is streamed', command: curl(`-N ${url}/v1/chat/completions ${CREDENTIAL} ${chat}`), status: 200 },
    { title: 'No credential', command: curl(`${url}/v1/models`), status: 401 },
    { title: 'A key without the scope that the route asks for', command: curl(`${url}/v1/embeddings ${CREDENTIAL} ${BODY({ model: 'sample', input: 'Hello?' })}`), status: 403 },
    {
      title: `A path that two programs could read differently${isEdge ? ' (the load balancer has no rule for it; the gate would answer 400)' : ''}`,
      command: curl(`${url}/v1%2fmodels ${CREDENTIAL}`),
      status: isEdge ? 404 : 400,
    },
  ];
}

/** Runs the very command. */
export function attempt(one: Try, key: string): Promise<Outcome> {
  return new Promise((resolve) => {
    // A proxy of the user's would be asked for addresses of this machine.
    const env = { PATH: process.env.PATH ?? '', NO_PROXY: '*', KEY: key };
    execFile('sh', ['-c', one.command], { env, timeout: PATIENCE_MS }, (_error, stdout, stderr) => {
      const status = /^HTTP\/[\d.]+ (\d{3})/.exec(stdout)?.[1];
      resolve({ ...one, shown: (stdout === '' ? stderr : stdout).trim(), ...(status !== undefined && { answered: Number(status) }) });
    });
  });
}

/** The body, where there is one, or what curl complained of. */
export function bodyOf({ shown }: Outcome): string {
  const [, ...body] = shown.split('\r\n\r\n');
  return (body.length > 0 ? body.join('\n') : shown).trim();
}
