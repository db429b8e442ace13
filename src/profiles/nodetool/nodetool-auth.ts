import { Token } from 'aws-cdk-lib';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import { Authorizer } from '../../authorizer/authorizer';
import { GateProof } from '../../authorizer/gate-proof';
import { JwtAlgorithm } from '../../authorizer/gate-proof-props';
import type { GateOptions } from '../../gate/gate-props';
import { PassedProof } from '../../gate/passed-proof';
import { invalidProp } from '../../invalid-prop';
import { parsedUrl } from '../../parsed-url';
import { checkedReason } from '../../secrets/reason';
import type { RotatingSecret } from '../../secrets/rotating-secret';
import { checkSecret } from '../check-secret';
import { variablesOf } from '../variables';
import { STATIC_REASON, STATIC_TOKEN } from './contract';
import { checkText } from './told-by-table';

/** A project of Supabase, whose people are the callers (NT-11). */
export interface NodeToolSupabaseProps {
  /** The project's URL, such as `https://abcdefgh.supabase.co`: what issues tokens, and what NodeTool asks by itself (NT-21). */
  readonly url: string;

  /** The project's service key, which whoever has it reads and writes everything with: from AWS Secrets Manager (NT-21). */
  readonly serviceKey: ecs.Secret;

  /**
   * How the project signs tokens. A load balancer cannot verify `ES256`: the gate alone does then, so that every path has to be declared and callers be named.
   *
   * A project that still signs with a shared secret (HS256) has no place here: whoever verifies such a token could make one (IDN-2). Let it change to signing keys.
   *
   * @default JwtAlgorithm.RS256
   */
  readonly algorithm?: JwtAlgorithm;
}

/** One token that NodeTool knows everybody by, behind somebody who knows them apart (NT-10). */
export interface NodeToolStaticProps {
  /** Who a caller must prove to be before, by a token or a client certificate (C-03). He never holds NodeTool's own token: the gate says it in his place. */
  readonly edge: Authorizer;

  /** The variable that NodeTool reads its token from, which its document does not name. */
  readonly variable: string;

  /** The token, which the gate and NodeTool know, and which is renewed. */
  readonly token: RotatingSecret;

  /** Why one token for everybody is enough, in a sentence: NodeTool knows no users then. */
  readonly reason: string;
}

/** What a way to log in comes to. */
export interface AuthParts {
  readonly authorizer: Authorizer;
  /** Servers that NodeTool asks by itself. */
  readonly hosts: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, ecs.Secret>>;
  readonly gate: Pick<GateOptions, 'passes' | 'coreKey'>;
  readonly choices: readonly string[];
}

/**
 * By what NodeTool knows its callers (NT-07 to NT-11, NT-19).
 *
 * There is no variant that knows nobody or keeps passwords itself, and none can be added: the class cannot be extended or imitated.
 */
export class NodeToolAuth {
  /** Tokens of a Supabase project. Load balancer and gate verify them, and NodeTool is shown them and verifies them once more. */
  public static supabase(props: NodeToolSupabaseProps): NodeToolAuth {
    return new NodeToolAuth((parent) => supabase(parent, props));
  }

  /** One token for everybody, which the gate sends in the place of callers who have proven to it who they are. */
  public static staticToken(props: NodeToolStaticProps): NodeToolAuth {
    return new NodeToolAuth((parent) => staticToken(parent, props));
  }

  private constructor(private readonly parts: (parent: Construct) => AuthParts) {}

  /**
   * What it comes to; refuses what would let in more than it says.
   *
   * @internal
   */
  public _bind(parent: Construct): AuthParts {
    return this.parts(parent);
  }
}

/** What Supabase Auth signs every token of a logged-in person for, and below which path it does so (Supabase guide, "JWT Claims Reference"). */
const AUDIENCE = 'authenticated';
const AUTH_PATH = '/auth/v1';

function supabase(parent: Construct, { url, serviceKey, algorithm = JwtAlgorithm.RS256 }: NodeToolSupabaseProps): AuthParts {
  const host = hostOf(parent, url);
  checkSecret(parent, 'profile.auth.serviceKey', serviceKey);
  const issuer = { issuer: `${url}${AUTH_PATH}`, jwksUri: `${url}${AUTH_PATH}/.well-known/jwks.json`, audience: AUDIENCE };
  return {
    authorizer: algorithm === JwtAlgorithm.RS256 ? Authorizer.jwt(issuer) : Authorizer.gateOnly(GateProof.jwt({ ...issuer, algorithms: [algorithm] })),
    hosts: [host],
    environment: { AUTH_PROVIDER: 'supabase', SUPABASE_URL: url },
    secrets: { SUPABASE_KEY: serviceKey },
    gate: { passes: PassedProof.token() },
    choices: [],
  };
}

/** The host, which the firewall lets through by its name. */
function hostOf(parent: Construct, url: string): string {
  const prop = 'profile.auth.url';
  const remedy = 'Name the project\'s URL as Supabase shows it, such as https://abcdefgh.supabase.co: no path, port, user or slash at its end.';
  if (typeof url !== 'string') throw invalidProp(parent, prop, url, remedy);
  if (Token.isUnresolved(url)) throw invalidProp(parent, prop, url, 'Write the URL out: its host has to be known at synthesis, to be let through.');
  const known = parsedUrl(url);
  if (known && (known.username !== '' || known.password !== '')) throw invalidProp(parent, prop, `${known.origin} with credentials in it`, remedy);
  // A query may hold a key of the project.
  if (known && known.search !== '') throw invalidProp(parent, prop, `${known.origin} with a query`, remedy);
  if (known?.origin !== url || known.port !== '') throw invalidProp(parent, prop, url, remedy);
  checkText(parent, prop, 'SUPABASE_URL', url);
  return known.hostname;
}

function staticToken(parent: Construct, { edge, variable, token, reason }: NodeToolStaticProps): AuthParts {
  checkEdge(parent, edge);
  const prop = 'profile.auth.variable';
  if (!/^[A-Z][A-Z0-9_]*$/.test(variable)) throw invalidProp(parent, prop, variable, 'Name the variable in capitals that NodeTool reads its token from.');
  if (variablesOf('nodetool').some(({ name }) => name === variable)) throw invalidProp(parent, prop, variable, 'It means something else to NodeTool: name the variable of its token.');
  checkSecret(parent, 'profile.auth.token', (token as Partial<RotatingSecret> | undefined)?.current);
  const why = checkedReason(parent, 'profile.auth.reason', typeof reason === 'string' ? reason : '');
  return {
    authorizer: edge,
    hosts: [],
    environment: { AUTH_PROVIDER: 'static' },
    secrets: { [variable]: token.current },
    gate: { coreKey: { secret: token.current } },
    choices: [`${STATIC_TOKEN}${variable}`, `${STATIC_REASON}${why}`],
  };
}

function checkEdge(parent: Construct, edge: unknown): void {
  const prop = 'profile.auth.edge';
  const remedy = 'Name a proof that the load balancer asks for, such as Authorizer.jwt(…) or Authorizer.mtls(…): NodeTool knows nobody apart (C-03).';
  // For those whose compiler does not tell them.
  if (!(edge instanceof Authorizer)) throw invalidProp(parent, prop, edge === undefined ? undefined : typeof edge, remedy);
  if (edge._isGateOnly) throw invalidProp(parent, prop, 'Authorizer.gateOnly', remedy);
}
