/** What constructs and rules have to agree on about the variables of a Core. */

/** By which programs find where their errors go (NT-64). */
export const SENTRY_DSN = 'SENTRY_DSN';

/** By which programs find where traces, metrics and logs go, together or each (OpenTelemetry specification, "OpenTelemetry Protocol Exporter"). */
export const OTLP_ENDPOINT = /^OTEL_EXPORTER_OTLP(_[A-Z]+)?_ENDPOINT$/;

const LOOPBACK = /^http:\/\/(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?(\/|$)/;

/** Whether what is sent there cannot be read on its way: by TLS, or without leaving the task. */
export function isSafeEndpoint(endpoint: string): boolean {
  return URL.canParse(endpoint) && (/^https:\/\/[^/]/.test(endpoint) || LOOPBACK.test(endpoint)) && new URL(endpoint).username === '';
}
