import { isIP } from 'net';
import { Duration, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { checkKind, instance, listOf } from '../check-kinds';
import { invalidProp } from '../invalid-prop';
import { parsedUrl } from '../parsed-url';
import { isWhole } from '../whole-number';
import type { CorsConfiguration } from './contract';
import { written } from './scope-names';

/** The longest that any browser remembers an answer to a preflight: Firefox's limit. */
const MAX_AGE_SECONDS = 86_400;

/** A header's name (RFC 9110, section 5.6.2), without the asterisk, which would stand for all, and the underscore, which the gate refuses in every request. */
const HEADER = /^[A-Za-z0-9!#$%&'+.^`|~-]{1,64}$/;

const REMEDY = 'Name one origin as browsers spell it, such as https://app.acme.com: no path, wildcard, user or default port.';

/**
 * A site whose pages may call (HDR-1): compared byte for byte with what a browser sends.
 *
 * There is no variant for all sites or for a family of them, and none can be added: the class cannot be extended or imitated.
 */
export class HttpsOrigin {
  /**
   * One origin, `https://host[:port]`. The host may be one that only the deployment knows.
   */
  public static of(text: string): HttpsOrigin {
    return new HttpsOrigin(text);
  }

  private constructor(private readonly text: string) {}

  /**
   * As the gate is told; refuses what no browser would send, and what is a developer's own machine (HDR-6).
   *
   * @internal
   */
  public _serialize(scope: IConstruct, prop: string): string {
    const { text } = this;
    const known = written(text);
    const url = parsedUrl(known);
    if (url && (url.username !== '' || url.password !== '')) throw invalidProp(scope, prop, `${url.origin} with credentials in it`, REMEDY);
    if (url?.protocol !== 'https:' || /[\s*,?#\\]/.test(known) || !/^[a-z0-9.:[\]-]+$/.test(url.hostname)) throw invalidProp(scope, prop, text, REMEDY);
    if (url.origin !== known) throw invalidProp(scope, prop, text, `Browsers spell it ${url.origin}: name it like that.`);
    if (isOwnMachine(url.hostname)) throw invalidProp(scope, prop, text, 'Name a host that public DNS knows: addresses and local names are for development (HDR-6).');
    return text;
  }
}

const ORIGINS = listOf(instance(HttpsOrigin, 'List pages, such as [HttpsOrigin.of(\'https://app.acme.com\')].'));

/** As whoever compares them is told. */
export function serializedOrigins(scope: IConstruct, prop: string, origins: readonly HttpsOrigin[]): string[] {
  checkKind(scope, prop, origins, ORIGINS);
  return origins.map((origin) => origin._serialize(scope, prop));
}

/** Which pages may call from a browser, and with what. */
export interface CorsOptions {
  /** The sites whose pages may call, at least one. */
  readonly origins: HttpsOrigin[];

  /**
   * Whether pages may send what the browser keeps, such as cookies and client certificates.
   *
   * @default false
   */
  readonly allowCredentials?: boolean;

  /**
   * Headers that pages may set, beside those that every page may.
   *
   * @default - `authorization`, `content-type` and `x-api-key`
   */
  readonly allowedHeaders?: string[];

  /**
   * For how long a browser remembers what it was told: whole seconds, at most a day. Some forget after two hours.
   *
   * @default Duration.hours(1)
   */
  readonly maxAge?: Duration;
}

/** As the gate is told. */
export function corsConfiguration(scope: IConstruct, options: CorsOptions): CorsConfiguration {
  const { origins, allowCredentials = false, allowedHeaders = ['authorization', 'content-type', 'x-api-key'], maxAge = Duration.hours(1) } = options;
  if (origins.length === 0) throw invalidProp(scope, 'cors.origins', origins, 'Name at least one HttpsOrigin, or leave cors out: no page of another site is answered then.');
  const spelled = serializedOrigins(scope, 'cors.origins', origins);
  const headers = allowedHeaders.map((header) => header.toLowerCase());
  const bad = allowedHeaders.find((header) => Token.isUnresolved(header) || !HEADER.test(header));
  if (bad !== undefined) throw invalidProp(scope, 'cors.allowedHeaders', bad, 'Name one header each, such as x-request-id: a wildcard would admit all of them.');
  for (const [prop, values] of Object.entries({ 'cors.origins': spelled, 'cors.allowedHeaders': headers })) {
    const twice = values.find((value, index) => values.indexOf(value) !== index);
    if (twice !== undefined) throw invalidProp(scope, prop, twice, 'Name it once.');
  }
  if (maxAge.isUnresolved() || !isWhole(maxAge.toMilliseconds() / 1000, 0, MAX_AGE_SECONDS)) {
    throw invalidProp(scope, 'cors.maxAge', maxAge.isUnresolved() ? 'a token' : maxAge.toString(), `Name 0 to ${MAX_AGE_SECONDS} whole seconds.`);
  }
  return { origins: spelled, credentials: allowCredentials, headers, maxAgeSeconds: maxAge.toSeconds() };
}

/** Addresses, and names that only this machine or its neighbours know: browsers and mDNS keep them (RFC 6761, RFC 6762). */
function isOwnMachine(hostname: string): boolean {
  return isIP(hostname.replace(/^\[|\]$/g, '')) !== 0 || /\.$/.test(hostname) || /(^|\.)(localhost|localdomain|local)$/.test(hostname);
}
