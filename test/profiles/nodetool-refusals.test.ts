import { CfnParameter, Stack } from 'aws-cdk-lib';
import { Authorizer, GateProof, JwtAlgorithm, LlmProvider, MasterKey, type NodeToolProfileProps, Profile, ProviderKey } from '../../src';
import { CLIENT_ID, nodetool, type Overrides, PROJECT, secretOf, staticToken, supabase } from '../support/nodetool';
import { profiled } from '../support/profiled-core';

const project = (url: string): Overrides => (stack) => ({ auth: supabase(stack, { url }) });
const COPY = 'A sealed copy lies in the safe of the bank.';

/** What only somebody without a compiler can write. */
const untyped = (value: unknown): never => value as never;

const REFUSED: readonly (readonly [title: string, overrides: Overrides, message: string])[] = [
  ['a project without TLS', project('http://abcdefgh.supabase.co'), 'profile.auth.url is "http://abcdefgh.supabase.co". It becomes SUPABASE_URL, which has to be an https URL'],
  ['the document\'s own project', project('https://your-project.supabase.co'), 'profile.auth.url is "https://your-project.supabase.co". It becomes SUPABASE_URL, which holds what the document'],
  ['a path behind the project', project(`${PROJECT}/auth/v1`), 'profile.auth.url is "https://abcdefgh.supabase.co/auth/v1". Name the project\'s URL as Supabase shows it'],
  ['a port that no firewall opens', project(`${PROJECT}:8443`), 'profile.auth.url is "https://abcdefgh.supabase.co:8443".'],
  ['credentials in the project\'s URL', project('https://me:hunter2@abcdefgh.supabase.co'), 'profile.auth.url is "https://abcdefgh.supabase.co with credentials in it".'],
  ['what is no URL', project('abcdefgh'), 'profile.auth.url is "abcdefgh". Name the project\'s URL'],
  ['a project that only a deployment knows', (stack) => project(new CfnParameter(stack, 'Url').valueAsString)(stack), 'profile.auth.url is a token. Write the URL out'],
  ['a service key as text', (stack) => ({ auth: supabase(stack, { serviceKey: untyped('eyJhbGciOi') }) }), 'profile.auth.serviceKey is "of type string". Name a secret'],
  ['ES256 without routes', (stack) => ({ auth: supabase(stack, { algorithm: JwtAlgorithm.ES256 }) }), 'profile.routes is nothing. Declare its paths one by one'],
  ['keys alone before a static token', (stack) => ({ auth: staticToken(stack, { edge: Authorizer.gateOnly(GateProof.apiKeys()) }) }), 'profile.auth.edge is "Authorizer.gateOnly". Name a proof'],
  ['an edge that is none', (stack) => ({ auth: staticToken(stack, { edge: untyped({}) }) }), 'profile.auth.edge is "object". Name a proof'],
  ['no edge', (stack) => ({ auth: staticToken(stack, { edge: untyped(undefined) }) }), 'profile.auth.edge is nothing. Name a proof'],
  ['a static token by another variable\'s name', (stack) => ({ auth: staticToken(stack, { variable: 'SUPABASE_KEY' }) }), 'profile.auth.variable is "SUPABASE_KEY". It means something else'],
  ['a static token in a variable of small letters', (stack) => ({ auth: staticToken(stack, { variable: 'token' }) }), 'profile.auth.variable is "token". Name the variable in capitals'],
  ['a static token without a reason', (stack) => ({ auth: staticToken(stack, { reason: 'because' }) }), 'profile.auth.reason is "because". Say why in a sentence'],
  ['an imitated way to log in', () => ({ auth: untyped({ provider: 'none' }) }), 'profile.auth is "object". Name by what NodeTool knows its callers'],
  ['nobody who brings data back', () => ({ restorers: [] }), 'profile.restorers is []. Name the roles'],
  ['a level that tells details', () => ({ logLevel: untyped('DEBUG') }), 'profile.logLevel is "DEBUG". Name LogLevel.INFO or LogLevel.WARNING'],
  ['a client id that is none', (stack) => ({ github: { clientId: 'your-client-id', clientSecret: secretOf(stack, 'github') } }), 'profile.github.clientId is "your-client-id". It becomes'],
  ['no client id', (stack) => ({ github: untyped({ clientSecret: secretOf(stack, 'github') }) }), 'profile.github.clientId is nothing. Name the id'],
  ['no project', project(untyped(undefined)), 'profile.auth.url is nothing. Name the project\'s URL'],
  ['a static token without any reason', (stack) => ({ auth: staticToken(stack, { reason: untyped(undefined) }) }), 'profile.auth.reason is "". Say why in a sentence'],
  ['nothing to forward', () => ({ routes: [] }), 'profile.routes is []. Declare what is forwarded'],
  ['half of GitHub', () => ({ github: untyped({ clientId: CLIENT_ID }) }), 'profile.github.clientSecret is nothing. Name a secret'],
  [
    'a provider that the document does not name',
    (stack) => ({ providerKeys: [ProviderKey.fromSecretName(stack, 'Stripe', { variable: 'STRIPE_API_KEY', environment: 'production' })] }),
    'profile.providerKeys[0] is "STRIPE_API_KEY". Name the key of an LlmProvider',
  ],
  [
    'two keys of a provider',
    (stack) => ({ providerKeys: ['one', 'two'].map((id) => ProviderKey.fromSecretName(stack, id, { provider: LlmProvider.FAL, environment: 'production', secretName: `production/${id}` })) }),
    'profile.providerKeys[1] is "FAL_API_KEY". Name one key for each provider.',
  ],
  ['a list of no origins', () => ({ corsOrigins: [] }), 'profile.corsOrigins is []. Name at least one HttpsOrigin'],
  ['a path of WebSockets that is forwarded anyway', () => ({ webSocketPath: '/ws' }), 'profile.webSocketPath is "/ws". Leave it out'],
  [
    'a master key of another environment',
    () => ({ masterKey: new MasterKey(new Stack(undefined, 'Elsewhere'), 'MasterKey', { environment: 'staging', backupAttestation: COPY }) }),
    'profile.masterKey is "Elsewhere/MasterKey of staging". This stack is of production',
  ],
];

describe('What Profile.nodetool refuses', () => {
  test.each(REFUSED)('%s', (_, overrides, message) => {
    expect(() => profiled(nodetool(overrides))).toThrow(`/Core: ${message}`);
  });

  test('with no secret in the message', () => {
    expect(() => profiled(nodetool((stack) => ({ auth: supabase(stack, { serviceKey: untyped('eyJhbGciOi') }) })))).not.toThrow(/eyJhbGciOi/);
    expect(() => profiled(nodetool(project('https://me:hunter2@abcdefgh.supabase.co')))).not.toThrow(/hunter2/);
    expect(() => profiled(nodetool(project(`${PROJECT}/?apikey=hunter2`)))).toThrow(/^(?!.*hunter2).*with a query/);
    const secret = 'a94a8fe5ccb19ba61c4c0873d391e987982fbbd3';
    expect(() => profiled(nodetool((stack) => ({ github: { clientId: secret, clientSecret: secretOf(stack, 'github') } })))).toThrow(/^(?!.*a94a8fe5).*what a client secret looks like/);
  });

  test.each<keyof NodeToolProfileProps>(['auth', 'masterKey', 'restorers'])('a profile without %s', (prop) => {
    expect(() => profiled((stack) => Profile.nodetool({ auth: supabase(stack), masterKey: new MasterKey(stack, 'MasterKey', { backupAttestation: COPY }), restorers: [], [prop]: undefined })))
      .toThrow(`/Core: profile.${prop} is nothing.`);
  });

  test.each(['S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY', 'SECRETS_MASTER_KEY'])('%s by hand', (name) => {
    expect(() => profiled(nodetool(), { container: { secrets: { [name]: secretOf(new Stack(), name) } } })).toThrow(`/Core: container.secrets.${name} is "written by hand".`);
  });
});
