import { type Log, RotationError } from './ports';

/** What stands in a log of an error: its class and its code, and its words where they are ours. Others may repeat what was sent to a store. */
export interface Fault {
  readonly error: string;
  readonly code?: string;
  readonly message?: string;
}

/** Names of classes and codes of errors: `ResourceNotFoundException`, `ECONNREFUSED`, `28P01`. */
const NAME = /^[A-Za-z][A-Za-z0-9]{0,63}$/;
const CODE = /^[A-Z0-9][A-Z0-9_]{2,39}$/;

/** One line of JSON for each. */
export function jsonLog(write: (line: string) => void): Log {
  return (line) => write(`${JSON.stringify(line)}\n`);
}

export function faultOf(error: unknown): Fault {
  if (error instanceof RotationError) return { error: error.name, code: error.code, message: error.message };
  if (!(error instanceof Error)) return { error: 'unknown' };
  const code: unknown = 'code' in error ? error.code : undefined;
  return { error: NAME.test(error.name) ? error.name : 'Error', ...(typeof code === 'string' && CODE.test(code) ? { code } : {}) };
}

/** The same failure as it may leave the function: the Lambda runtime writes an error's message, stack and causes to the log. */
export function tellable(error: unknown): RotationError {
  if (error instanceof RotationError) return error;
  const { error: name, code } = faultOf(error);
  return new RotationError('FAILED', `The call failed: ${code === undefined ? name : `${name} (${code})`}. The log of the service that was called says why.`);
}
