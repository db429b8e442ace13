import { GATE_HEALTH_PATH, type GateConfiguration } from '../../gate/contract';
import { adminOf, isAdminPath } from './admin-plane';
import { answerHeaders } from './answer-headers';
import { requestHeadersForCore } from './core-headers';
import { Cors } from './cors';
import type { CoreHealth } from './health';
import { checkRequest, splitTarget, type RawRequest } from './hygiene';
import { compilePolicy, type CompiledPolicy } from './policy';
import type { Authenticator, Identity, Limiter, ReceivedHeaders, Revocations } from './ports';
import type { GateSecrets } from './read-configuration';
import { onlyValue } from './received-headers';
import { Refusal } from './refusal';
import type { Answer } from './refusal-answer';
import { traceContextOf } from './trace-context';

export interface GuardParts {
  readonly configuration: GateConfiguration;
  readonly secrets: GateSecrets;
  readonly authenticator: Authenticator;
  readonly revocations: Revocations;
  readonly limiter: Limiter;
  readonly health: CoreHealth;
}

/** A request as it arrived, with what the gate has read from it. */
export interface Arrival extends RawRequest {
  readonly received: ReceivedHeaders;
  readonly requestId: string;
  /** Whether Node took it for an upgrade. */
  readonly isUpgrade: boolean;
}

/** What becomes of a request that is not refused. */
export type Admission =
  /** The gate answers by itself; nothing is said about it in the log. */
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'forward'; readonly headers: Record<string, string | string[]> };

/** Decides about every request, upgrades among them, before the Core hears of it. */
export class Guard {
  public readonly cors: Cors;
  private readonly policy: CompiledPolicy;

  public constructor(private readonly parts: GuardParts) {
    this.cors = new Cors(parts.configuration.cors);
    this.policy = compilePolicy(parts.configuration.policy);
  }

  /** @throws Refusal */
  public async admit(arrival: Arrival, isDraining: boolean): Promise<Admission> {
    const { configuration, secrets } = this.parts;
    checkRequest(arrival, configuration.identity.key);
    if (this.isHealth(arrival)) return { kind: 'answer', answer: await this.health(arrival.requestId, isDraining) };
    const { path } = splitTarget(arrival.url);
    if (arrival.method === 'OPTIONS') return { kind: 'answer', answer: this.cors.preflight(arrival.received, this.policy.methodsOf(path), arrival.requestId) };
    const identity = await this.identify(arrival, path);
    if (arrival.isUpgrade) this.checkOrigin(arrival.received);
    await this.parts.limiter.take(identity.subject);
    return { kind: 'forward', headers: requestHeadersForCore(arrival.received, identity, arrival.requestId, traceContextOf(arrival.received), configuration, secrets) };
  }

  private async identify({ method, received }: Arrival, path: string): Promise<Identity> {
    const { configuration, authenticator, revocations } = this.parts;
    const isAdmin = isAdminPath(path);
    const identity = isAdmin ? adminOf(path, received, configuration.identity.admin) : await authenticator.authenticate(received);
    if (revocations.isRevoked(identity.revocableAs)) throw new Refusal('unauthenticated', 'revoked');
    if (isAdmin) return identity;
    const decision = this.policy.decide(method, path, identity);
    if (decision !== 'allow') throw new Refusal('forbidden', decision);
    return identity;
  }

  private isHealth({ method, url }: Arrival): boolean {
    const { healthCheckPath, publicHealth } = this.parts.configuration.core;
    return method === 'GET' && (url === GATE_HEALTH_PATH || (publicHealth && url === healthCheckPath));
  }

  /** Two answers and no more: whoever asks learns whether to send requests here, and nothing of why. */
  private async health(requestId: string, isDraining: boolean): Promise<Answer> {
    if (isDraining || !await this.parts.health.isWell()) throw new Refusal('unavailable', 'not-well');
    const body = JSON.stringify({ status: 'ok' });
    const headers = answerHeaders({ 'content-type': 'application/json; charset=utf-8', 'content-length': String(body.length) }, requestId) as Record<string, string>;
    return { status: 200, headers, body };
  }

  /** Browsers let any page open a WebSocket, with the cookies of where it goes to; whether that page may is for the server to say (RFC 6455, 10.2). */
  private checkOrigin(received: ReceivedHeaders): void {
    const origin = onlyValue(received, 'origin');
    if (origin === undefined || origin === `https://${onlyValue(received, 'host') ?? ''}`) return;
    if (this.cors.headersFor(origin)['access-control-allow-origin'] === undefined) throw new Refusal('forbidden', 'websocket-origin');
  }
}
