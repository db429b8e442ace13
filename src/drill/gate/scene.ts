import type { AuditRecord } from '../../audit/contract';
import type { GateConfiguration, RevocationKind } from '../../gate/contract';
import type { JwtModel, ListenerModel, RuleModel } from '../edge/model';
import { draftFor, PLAIN } from '../requests/drafts';
import type { Draft } from '../requests/matching';
import type { DrillIssuer, WireRequest } from '../scene';
import type { IssuerService } from '../services/issuer';
import type { Pki } from '../services/pki';
import { type CallerOptions, type Door, type ProofSources, shown, tokensOf, checkOf } from './callers';
import type { GateHouse, RunningGate } from './house';
import { configurationOf, type GateModel } from './model';
import type { DrillTable, MintedKey, MintOptions } from './table';
import { gateOf } from './translate';
import { unguarded } from './unguarded';
import { knownTo, routesFor, together, type Wants, wantsOf } from './wants';

/** What an attacker has in hand at a gate: the gate alone behind a load balancer that verifies nothing, and everybody's credentials. */
export interface GateInHand {
  readonly model: GateModel;
  readonly configuration: GateConfiguration;
  /** The listener as it would be if its load balancer let everybody pass: see `unguarded`. */
  readonly open: ListenerModel;
  /** A request that the gate's policy knows, of somebody who has exactly what is wanted, and is nobody else. @default - what the policy asks for there */
  request(options?: CallerOptions & { readonly draft?: Draft; readonly wants?: Wants }): Promise<WireRequest>;
  /** The draft that such a request is made of. */
  draft(): Draft;
  /** Who signs what the gate believes. */
  issuer(): DrillIssuer;
  mintKey(options: MintOptions): Promise<MintedKey>;
  /** A key of whoever makes them, who is not the drill: its text. */
  makeKey(options: Pick<MintOptions, 'prefix' | 'scopes'>): Promise<string>;
  revoke(kind: RevocationKind, value: string): Promise<void>;
  unrevoke(kind: RevocationKind, value: string): Promise<void>;
  /** Takes the key set away from where the gate has it, or puts it back. */
  withhold(isWithheld: boolean): Promise<void>;
  /** Has the mirrored key set look as old as that; false where the gate fetches it by itself. */
  age(seconds: number): Promise<boolean>;
  /** How often its tasks have fetched the key set; undefined where nobody could count that. */
  fetches(): number | undefined;
  /** All that stands in the table. */
  stored(): Promise<string>;
  /** All that its tasks have written. */
  output(): string;
  /** What they have recorded. */
  records(): readonly AuditRecord[];
  /** What each task says of itself where Prometheus asks. */
  scrape(): Promise<readonly ReadonlyMap<string, number>[]>;
  /** Starts one task more that is told otherwise. */
  startWith: RunningGate['startWith'];
  /** Sets the flag that locks callers out, or takes it away. */
  lock(isLocked: boolean): Promise<void>;
  /** On which the gate alone is hindered. Absent where it counts nothing. */
  wayToStore(): RunningGate['wayToStore'];
}

export interface InHandParts {
  readonly house: GateHouse;
  readonly issuer: IssuerService;
  readonly pki: Pick<Pki, 'certificateFor'>;
}

/** Throws where the rule leads to no gate. */
export function inHand(listener: ListenerModel, rule: RuleModel, parts: InHandParts): GateInHand {
  const model = gateOf(rule);
  if (model === undefined) throw new Error(`${rule.place.logicalId} leads to no gate.`);
  const configuration = configurationOf(model);
  const running = () => parts.house.at(model.place);
  const table = (): DrillTable => running().table;
  const check = () => checkOf(tokensOf(configuration));
  const keys = () => tokensOf(configuration).keys;
  const issuerOf = (jwt: JwtModel): DrillIssuer => {
    parts.issuer.jwksPath(jwt.jwksEndpoint);
    return parts.issuer.issuer(jwt);
  };
  const draft = (): Draft => knownTo(configuration.policy, draftFor(listener, rule), listener, rule);
  return {
    model,
    configuration,
    open: unguarded(listener),
    draft,
    request: async ({ draft: chosen = draft(), wants, ...options } = {}) => gatedRequest(configuration, chosen, doorOf(listener, rule), sourcesOf(parts, table), { ...options, wants }),
    issuer: () => {
      const jwt = doorOf(listener, rule).jwt;
      return issuerOf(jwt !== undefined && jwt.issuer === check().issuer ? jwt : check());
    },
    mintKey: (options) => table().mintKey(options),
    makeKey: (options) => running().makeKey(options),
    revoke: (kind, value) => table().revoke(kind, value),
    unrevoke: (kind, value) => table().unrevoke(kind, value),
    withhold: async (isWithheld) => {
      const { source, uri } = keys();
      if (source === 'mirror') await table().setKeySet(uri, isWithheld ? undefined : parts.issuer.keySet(uri));
      else parts.issuer.withhold(uri, isWithheld);
    },
    age: async (seconds) => {
      const { source, uri } = keys();
      if (source === 'mirror') await table().setKeySet(uri, parts.issuer.keySet(uri), seconds);
      return source === 'mirror';
    },
    fetches: () => (keys().source === 'https' ? parts.issuer.fetches(keys().uri) : undefined),
    stored: () => table().everything(),
    output: () => running().output(),
    records: () => running().records(),
    scrape: () => running().scrape(),
    startWith: (change) => running().startWith(change),
    lock: (isLocked) => table().lock(isLocked),
    wayToStore: () => running().wayToStore,
  };
}

function sourcesOf({ issuer, pki }: InHandParts, table: () => DrillTable): ProofSources {
  return {
    issuer: (jwt) => {
      issuer.jwksPath(jwt.jwksEndpoint);
      return issuer.issuer(jwt);
    },
    certificateFor: (subject) => pki.certificateFor(subject),
    table: () => Promise.resolve(table()),
  };
}

function doorOf({ tls }: ListenerModel, { actions }: RuleModel): Door {
  return { verifiesClients: tls?.clients?.mode === 'verify', jwt: actions.find((action) => action.kind === 'jwt') };
}

async function gatedRequest(
  configuration: GateConfiguration, draft: Draft, door: Door, sources: ProofSources, { wants, ...options }: CallerOptions & { readonly wants?: Wants },
): Promise<WireRequest> {
  const { policy } = configuration;
  const asked = wants ?? together(routesFor(policy, draft.method, draft.path).map(({ access }) => wantsOf(access)));
  const { headers, client } = await shown(configuration, door, asked, sources, options);
  return { ...bareRequest(draft), headers: { ...bareRequest(draft).headers, ...headers }, ...(client && { client }) };
}

/** The draft without anything that proves who sends it. */
export function bareRequest({ host, method, path, query, headers, from }: Draft): WireRequest {
  return {
    method,
    path: query.length === 0 ? path : `${path}?${query.map(({ key, value }) => `${key}=${value}`).join('&')}`,
    headers: { ...(host === PLAIN.host ? {} : { host }), ...Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'authorization')) },
    ...(from === PLAIN.from ? {} : { from }),
  };
}

/** What a rule that a gate answers by itself is asked with, by anybody. */
export function askedOfGate(listener: ListenerModel, rule: RuleModel, gate: GateModel): WireRequest {
  const { cors, core } = configurationOf(gate);
  const request = bareRequest(draftFor(listener, rule));
  if (rule.answeredByGate === 'health') return { ...request, path: core.healthCheckPath };
  const { policy } = configurationOf(gate);
  const [route] = policy.routes;
  const method = route === undefined || route.method === 'ANY' ? 'GET' : route.method;
  return { ...request, path: route?.path ?? request.path, headers: { ...request.headers, 'origin': cors?.origins[0] ?? '', 'access-control-request-method': method } };
}
