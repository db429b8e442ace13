import { ADMIN_PATH, GATE_HEALTH_PATH, type GateConfiguration } from '../../gate/contract';
import { createRedactor, type Redactor } from '../shared/redactor';
import { adminOf, isAdminPath } from './admin-plane';
import { answerHeaders } from './answer-headers';
import { type CoreHeaders, coreHeadersOf } from './core-headers';
import { Cors } from './cors';
import type { CoreHealth } from './health';
import { checkRequest, splitTarget, type RawRequest } from './hygiene';
import { compilePolicy, type CompiledPolicy, type MatchedRoute } from './policy';
import type { Audit, Authenticator, Grant, Identity, Limiter, Metrics, ReceivedHeaders, Revocations } from './ports';
import type { GateSecrets } from './read-configuration';
import { onlyValue } from './received-headers';
import { Refusal } from './refusal';
import { type Answer, answerOf } from './refusal-answer';
import { traceContextOf } from './trace-context';
import { handshakeOf } from './web-socket';

export interface GuardParts {
  readonly configuration: GateConfiguration;
  readonly secrets: Pick<GateSecrets, 'coreKey'>;
  readonly authenticator: Authenticator;
  readonly revocations: Revocations;
  readonly limiter: Limiter;
  readonly metrics: Metrics;
  readonly audit: Pick<Audit, 'isBroken'>;
  readonly health: CoreHealth;
}

/** A request as it arrived, with what the gate has read from it. */
export interface Arrival extends RawRequest {
  readonly received: ReceivedHeaders;
  readonly requestId: string;
  /** Whether Node took it for an upgrade. */
  readonly isUpgrade: boolean;
  /** How long its body says it is. */
  readonly announcedBytes?: number;
}

/** What the guard finds out on its way, to be known also where it then refuses. */
export interface Findings {
  identity?: Identity;
  action: string;
  /** Whether nobody waits for the guard any more: it was cut meanwhile, or its caller has gone. */
  isOver(): boolean;
}

/** What becomes of a request that is not refused. */
export type Admission =
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'forward'; readonly headers: Record<string, string | string[]>; readonly grant: Grant };

/** What a caller says who waits for events (HTML Living Standard, "Server-sent events"). */
const EVENT_STREAM = /\btext\/event-stream\b/i;

/** Decides about every request, upgrades among them, before the Core hears of it. */
export class Guard {
  public readonly cors: Cors;
  private readonly policy: CompiledPolicy;
  private readonly headersFor: CoreHeaders;
  private readonly redactor: Redactor;

  public constructor(private readonly parts: GuardParts) {
    this.cors = new Cors(parts.configuration.cors);
    this.policy = compilePolicy(parts.configuration.policy);
    this.headersFor = coreHeadersOf(parts.configuration, parts.secrets);
    this.redactor = createRedactor({ keyPrefix: parts.configuration.identity.key?.prefix });
  }

  /** Whether it is asked how the Core is, in so many words. Anything that is wrong with it makes it a request like others. */
  public isHealthCheck(arrival: Arrival): boolean {
    const { core: { healthCheckPath, publicHealth }, identity } = this.parts.configuration;
    const { method, url } = arrival;
    if (method !== 'GET' || !(url === GATE_HEALTH_PATH || (publicHealth && url === healthCheckPath))) return false;
    try {
      checkRequest(arrival, identity.key);
      return true;
    } catch {
      return false;
    }
  }

  /** Two answers and no more: whoever asks learns whether to send requests here, and nothing of why. */
  public async health(requestId: string, isDraining: boolean): Promise<Answer> {
    if (isDraining || this.parts.audit.isBroken() || !await this.parts.health.isWell()) return answerOf(new Refusal('unavailable', 'not-well'), requestId);
    const body = JSON.stringify({ status: 'ok' });
    const headers = answerHeaders({ 'content-type': 'application/json; charset=utf-8', 'content-length': String(body.length) }, requestId) as Record<string, string>;
    return { status: 200, headers, body };
  }

  /**
   * What costs the caller something comes last, so that nothing is spent on what is refused.
   *
   * @returns undefined where nobody waits for it any more
   * @throws Refusal
   */
  public async admit(arrival: Arrival, findings: Findings): Promise<Admission | undefined> {
    const { configuration, revocations, limiter } = this.parts;
    const { method, received, requestId, isUpgrade } = arrival;
    checkRequest(arrival, configuration.identity.key);
    const { path } = splitTarget(arrival.url);
    const route = this.routeOf(method, path);
    if (route) findings.action = route.action;
    if (revocations.isLockedDown()) throw new Refusal('locked_down', 'locked-down');
    if (method === 'OPTIONS') return { kind: 'answer', answer: this.cors.preflight(received, this.policy.methodsOf(path), requestId) };
    const identity = await this.identify(received, path, findings);
    if (findings.isOver()) return undefined;
    if (!route) throw new Refusal('forbidden', 'no-route');
    if (!route.permits(identity)) throw new Refusal('forbidden', 'denied');
    if ((arrival.announcedBytes ?? 0) > configuration.limits.maxBodyBytes) throw new Refusal('too_large', 'body-announced-too-large');
    if (isUpgrade) this.checkOrigin(received);
    const headers = { ...this.headersFor(received, identity, requestId, traceContextOf(received, this.redactor)), ...(isUpgrade ? handshakeOf(received) : {}) };
    const isStream = route.streams || isUpgrade || (received.get('accept')?.some((value) => EVENT_STREAM.test(value)) ?? false);
    return { kind: 'forward', headers, grant: await limiter.take({ identity, tier: route.tier, isStream }) };
  }

  private routeOf(method: string, path: string): MatchedRoute | undefined {
    if (!isAdminPath(path)) return this.policy.match(method, path);
    return this.parts.configuration.identity.admin && { action: `${method} ${ADMIN_PATH}/*`, tier: 'light', streams: false, permits: () => true };
  }

  /** Who calls is found from the moment in which he was last looked for among the revoked: every list that is read later finds him here. */
  private async identify(received: ReceivedHeaders, path: string, findings: Findings): Promise<Identity> {
    const { configuration, authenticator, revocations, metrics } = this.parts;
    try {
      const identity = isAdminPath(path) ? adminOf(path, received, configuration.identity.admin) : await authenticator.authenticate(received);
      findings.identity = identity;
      if (revocations.isRevoked(identity.revocableAs)) throw new Refusal('unauthenticated', 'revoked');
      metrics.authentication(true);
      return identity;
    } catch (error) {
      if (error instanceof Refusal && error.code === 'unauthenticated') metrics.authentication(false);
      throw error;
    }
  }

  /** Browsers let any page open a WebSocket, with the cookies of where it goes to; whether that page may is for the server to say (RFC 6455, 10.2). */
  private checkOrigin(received: ReceivedHeaders): void {
    const origin = onlyValue(received, 'origin');
    if (origin === undefined || origin === `https://${onlyValue(received, 'host') ?? ''}`) return;
    if (this.cors.headersFor(origin)['access-control-allow-origin'] === undefined) throw new Refusal('forbidden', 'websocket-origin');
  }
}
