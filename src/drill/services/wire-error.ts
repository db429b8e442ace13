import { codeOf } from '../message-of';
import { WireError } from '../scene';

const REASONS: Readonly<Record<string, string>> = {
  ABORT_ERR: 'no answer came in time',
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was closed',
  ERR_STREAM_DESTROYED: 'the connection was closed',
};
/** Such as `ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED` or `ERR_SSL_TLSV1_ALERT_UNKNOWN_CA`. */
const ALERT = /^ERR_SSL_.*_ALERT_(.+)$/;
const HANDSHAKE = /^ERR_SSL_(.+)$/;
/** Of Node's HTTP parser. */
const NO_HTTP = /^HPE_/;

/**
 * A failure as a WireError where it is the peer's doing, in words that say what happened on the wire; anything else as it is. A request
 * that could not be written, or a machine that has no socket left, proves nothing about the edge.
 */
export function wireError(error: unknown): unknown {
  const code = codeOf(error);
  const reason = REASONS[code] ?? handshakeReason(code) ?? (NO_HTTP.test(code) ? 'what came back was no HTTP' : undefined);
  return reason === undefined ? error : new WireError(reason, { cause: error });
}

function handshakeReason(code: string): string | undefined {
  const alert = ALERT.exec(code)?.[1];
  if (alert !== undefined) return `the handshake ended with the alert "${words(alert)}"`;
  const failure = HANDSHAKE.exec(code)?.[1];
  return failure === undefined ? undefined : `the handshake failed: ${words(failure)}`;
}

function words(name: string): string {
  return name.toLowerCase().replaceAll('_', ' ');
}
