import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { CompactSign } from 'jose';
import type { JwtModel } from '../edge/model';
import type { DrillIssuer, SignOptions } from '../scene';
import { goodClaims } from './good-claims';
import { listenOnLoopback, type LoopbackServer } from './loopback';
import type { Pki } from './pki';
import { nameOf, SigningKeys } from './signing-keys';

/** Serves the key sets that the edge fetches, and signs in the name of whoever holds them. */
export interface IssuerService {
  readonly port: number;
  /** Path of the key set for a JWKS endpoint as the template names it. */
  jwksPath(jwksEndpoint: string): string;
  issuer(jwt: JwtModel): DrillIssuer;
  /** The key set as JSON, which whoever mirrors it would find. */
  keySet(jwksEndpoint: string): string;
  /** How often the key set has been fetched from here, by HTTP or HTTPS. */
  fetches(jwksEndpoint: string): number;
  /** Answers 503 in place of a key set, or serves it again. */
  withhold(jwksEndpoint: string, isWithheld: boolean): void;
  /** Serves the same by HTTPS, to those who take nothing else. */
  serveSecurely(server: Pki['server']): Promise<LoopbackServer>;
  stop(): Promise<void>;
}

/** Starts an issuer with a key set of its own for every JWKS endpoint, so that a token of one is a stranger's at the other. */
export async function startIssuer(): Promise<IssuerService> {
  const byPath = new Map<string, SigningKeys>();
  const jwksPath = (jwksEndpoint: string): string => {
    const path = `/${nameOf(jwksEndpoint)}/jwks.json`;
    if (!byPath.has(path)) byPath.set(path, new SigningKeys(nameOf(jwksEndpoint).slice(0, 8)));
    return path;
  };
  const keysOf = ({ jwksEndpoint }: Pick<JwtModel, 'jwksEndpoint'>): SigningKeys => {
    const keys = byPath.get(jwksPath(jwksEndpoint));
    if (keys === undefined) throw new Error(`No keys were made for the key set ${jwksEndpoint}.`);
    return keys;
  };
  const fetched = new Map<string, number>();
  const withheld = new Set<string>();
  const keySet = (keys: SigningKeys): string => JSON.stringify({ keys: [keys.publicJwk('published'), keys.publicJwk('published-ec')] });
  const serve: RequestListener = ({ url: path = '' }, response) => {
    const keys = byPath.get(path);
    fetched.set(path, (fetched.get(path) ?? 0) + 1);
    if (keys === undefined || withheld.has(path)) response.writeHead(keys === undefined ? 404 : 503).end();
    else response.writeHead(200, { 'content-type': 'application/json' }).end(keySet(keys));
  };
  return {
    ...await listenOnLoopback(createServer(serve)),
    jwksPath,
    issuer: (jwt) => issuerWith(keysOf(jwt), jwt),
    keySet: (jwksEndpoint) => keySet(keysOf({ jwksEndpoint })),
    fetches: (jwksEndpoint) => fetched.get(jwksPath(jwksEndpoint)) ?? 0,
    withhold: (jwksEndpoint, isWithheld) => {
      if (isWithheld) withheld.add(jwksPath(jwksEndpoint));
      else withheld.delete(jwksPath(jwksEndpoint));
    },
    serveSecurely: ({ certificatePem: cert, privateKeyPem: key }) => listenOnLoopback(createTlsServer({ cert, key }, serve)),
  };
}

function issuerWith(keys: SigningKeys, jwt: JwtModel): DrillIssuer {
  return {
    goodClaims: () => goodClaims(jwt),
    sign: (claims, options) => sign(keys, JSON.stringify(claims), options),
    get publicKeyPem() {
      return keys.publicPem('published');
    },
    publicJwk: (name) => keys.publicJwk(name),
  };
}

/**
 * What is signed with follows the `alg` of the header, as it does for a verifier that believes the header: nothing for `none`, the
 * published key's PEM as a shared secret for `HS…`, the chosen key otherwise.
 */
async function sign(keys: SigningKeys, payload: string, { header = {}, key = 'published' }: SignOptions = {}): Promise<string> {
  const { alg, kid, privateKey } = keys.key(key);
  const merged = { alg, kid, typ: 'JWT', ...header };
  const claimed: string = merged.alg;
  if (/^none$/i.test(claimed)) return `${encode(JSON.stringify(merged))}.${encode(payload)}.`;
  const secret = /^HS\d+$/.test(claimed) ? new TextEncoder().encode(keys.publicPem('published')) : privateKey;
  return new CompactSign(new TextEncoder().encode(payload)).setProtectedHeader(merged).sign(secret);
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64url');
}
