import { randomUUID } from 'node:crypto';
import type { JWTPayload } from 'jose';
import type { GateConfiguration, ProofKind, TokenConfiguration } from '../../gate/contract';
import type { JwtModel } from '../edge/model';
import type { ClientCertificate, DrillIssuer, SignOptions } from '../scene';
import type { DrillTable } from './table';
import type { Wants } from './wants';

/** What a caller of a gate has to show, on top of what his request says. */
export interface Shown {
  readonly headers: Readonly<Record<string, string>>;
  readonly client?: ClientCertificate;
}

/** Where proofs come from. */
export interface ProofSources {
  issuer(jwt: JwtModel): DrillIssuer;
  certificateFor(subject: string): Promise<ClientCertificate>;
  table(): Promise<Pick<DrillTable, 'mintKey'>>;
}

/** Through which door he comes. */
export interface Door {
  /** Whether callers are asked for certificates there. */
  readonly verifiesClients: boolean;
  /** The token check before the gate. */
  readonly jwt?: JwtModel;
}

/** What may be said otherwise of somebody. */
export interface CallerOptions {
  /** @default - nobody's yet: no two callers are counted together */
  readonly subject?: string;
  /** Laid over the claims of a token. */
  readonly claims?: JWTPayload;
  readonly sign?: SignOptions;
  /** Shown where the gate takes several combinations. @default - the first that fits */
  readonly proof?: ProofKind;
}

/** Somebody who has exactly what is wanted, by the first combination of proofs that the gate takes and that he can show at that door. */
export async function shown(configuration: GateConfiguration, door: Door, wants: Wants, sources: ProofSources, options: CallerOptions = {}): Promise<Shown> {
  const { identity } = configuration;
  const proofs = proofsAt(configuration, door, options.proof);
  const parts = await Promise.all(proofs.map(async (proof): Promise<Shown> => {
    switch (proof) {
      case 'token': return { headers: { authorization: `Bearer ${await tokenFor(configuration, door, wants, sources, options)}` } };
      case 'certificate': return { headers: {}, client: await sources.certificateFor(subjectWith(configuration, wants)) };
      case 'key': {
        const { text } = await (await sources.table()).mintKey({ prefix: identity.key?.prefix ?? '', scopes: wants.scopes });
        return { headers: { [identity.key?.header ?? '']: text } };
      }
    }
  }));
  return { headers: Object.assign({}, ...parts.map(({ headers }) => headers)) as Shown['headers'], ...parts.reduce<Pick<Shown, 'client'>>((all, { client }) => (client ? { client } : all), {}) };
}

/** The first combination that can be shown at a door; throws where there is none. */
export function proofsAt({ identity }: GateConfiguration, { verifiesClients, jwt }: Door, wished?: ProofKind): readonly ProofKind[] {
  const possible = identity.accept.filter((proofs) => verifiesClients || !proofs.includes('certificate'));
  const found = possible.find((proofs) => wished !== undefined && proofs.includes(wished) && proofs.includes('certificate') === verifiesClients)
    ?? possible.find((proofs) => proofs.includes('certificate') === verifiesClients && (jwt === undefined || proofs.includes('token')))
    ?? possible[0];
  if (found === undefined) throw new Error('The gate takes no proof that a caller could show there.');
  return found;
}

/** The token check of a gate as the load balancer would write it: what the drill's issuer signs for. */
export function checkOf({ issuer, keys }: TokenConfiguration): JwtModel {
  return { kind: 'jwt', issuer, jwksEndpoint: keys.uri, claims: [] };
}

export function tokensOf({ identity }: GateConfiguration, jwt?: JwtModel): TokenConfiguration {
  const found = identity.tokens.find(({ issuer }) => issuer === jwt?.issuer) ?? identity.tokens[0];
  if (found === undefined) throw new Error('The gate takes no tokens.');
  return found;
}

async function tokenFor(configuration: GateConfiguration, { jwt }: Door, wants: Wants, sources: ProofSources, { subject, claims, sign }: CallerOptions): Promise<string> {
  const tokens = tokensOf(configuration, jwt);
  const issuer = sources.issuer(jwt ?? checkOf(tokens));
  return issuer.sign({ ...goodClaimsFor(tokens, issuer, wants, subject), ...claims }, { ...ALGORITHM[tokens.algorithms[0] ?? 'RS256'], ...sign });
}

/** The load balancer verifies RS256 alone; where the gate is alone, it may want another. */
const ALGORITHM: Readonly<Record<string, SignOptions>> = { ES256: { key: 'published-ec' } };

/** Claims that the load balancer's check and the gate's are both content with. */
export function goodClaimsFor(tokens: TokenConfiguration, issuer: DrillIssuer, wants: Wants, subject = `drill-${randomUUID()}`): JWTPayload {
  const claims: Record<string, unknown> = { ...issuer.goodClaims(), sub: subject };
  for (const { name, values } of tokens.claims) if (!listOf(claims[name]).some((value) => values.includes(value))) claims[name] = values[0];
  if (tokens.subjectClaim !== 'sub' && claims[tokens.subjectClaim] === undefined) claims[tokens.subjectClaim] = subject;
  const scopes = [...new Set([...listOf(claims[tokens.scopesClaim]), ...wants.scopes])];
  if (scopes.length > 0) claims[tokens.scopesClaim] = tokens.scopesClaim === 'scope' ? scopes.join(' ') : scopes;
  if (wants.roles.length > 0) {
    if (tokens.rolesClaim === undefined) throw new Error('The policy asks for a role, and the gate reads none from tokens.');
    claims[tokens.rolesClaim] = [...new Set([...listOf(claims[tokens.rolesClaim]), ...wants.roles])];
  }
  return claims;
}

function listOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(String);
  return typeof value === 'string' ? value.split(' ').filter((word) => word !== '') : [];
}

/** A subject whose certificate has what is wanted; anybody's where nothing is. */
function subjectWith({ identity }: GateConfiguration, { scopes, roles }: Wants): string {
  if (roles.length > 0) throw new Error('The policy asks for a role, and certificates name none.');
  if (scopes.length === 0) return `CN=drill-${randomUUID()}`;
  const found = Object.entries(identity.certificate?.scopes ?? {}).find(([, granted]) => scopes.every((scope) => granted.includes(scope)));
  if (found === undefined) throw new Error(`No certificate subject has ${scopes.join(' and ')}.`);
  return found[0];
}
