import { execFile } from 'node:child_process';

/** What came of one call. */
export interface FunctionRun {
  readonly answer?: unknown;
  /** All that Lambda would write to the log of an error that leaves the function. */
  readonly failure?: string;
  /** What the function wrote itself: lines of JSON. */
  readonly log: string;
}

/** Loads a bundled function and calls it, as Lambda does; what came of it is the last line of the other output. */
const CALL = `
require(process.argv[1]).handler(JSON.parse(process.argv[2])).then((answer) => ({ answer }), (error) => ({ failure: require('node:util').inspect(error) }))
  .then((run) => process.stderr.write('\\n' + JSON.stringify(run)));
`;

/**
 * Calls a bundled function in a process of its own, which nothing but the function keeps alive.
 *
 * @param endpoint who is asked in place of AWS
 */
export function runFunction(file: string, endpoint: string, variables: Readonly<Record<string, string>> = {}, event: object = {}): Promise<FunctionRun> {
  const env = { PATH: process.env.PATH, AWS_ENDPOINT_URL: endpoint, AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_MAX_ATTEMPTS: '1', ...variables };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, ['-e', CALL, file, JSON.stringify(event)], { env }, (_error, log, said) => {
      const run = said.slice(said.lastIndexOf('\n') + 1);
      if (run.startsWith('{')) resolve({ ...JSON.parse(run) as Omit<FunctionRun, 'log'>, log });
      else reject(new Error(`The function ended without an answer. ${said}`));
    });
  });
}
