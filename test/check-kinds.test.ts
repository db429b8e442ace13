import { App, Stack } from 'aws-cdk-lib';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import {
  Access, AfterCheckout, Authorizer, BrokerCredential, BrokerPhase, Callers, type CoreContainerProps, CredentialBroker, DeviceCredentialKind, DevicePort, type GateOptions, GateProof, HttpsOrigin,
  type IngressProps, JobBinding, JobTable, LeaseTerms, Profile, Route, Size, WorkerJoin, WorkerPhase, WorkerPool,
} from '../src';
import { type BrokerChanges, brokerPlace, madeBroker } from './broker/broker-stack';
import { profiled } from './support/profiled-core';
import { certificate, JWT, remoteCore } from './support/remote-core';
import { brokered, CREDENTIALS, tom } from './support/tom';
import { type PoolGround, poolGround, poolIn } from './support/worker-pool';

const CANARY = 'canary-key-of-somebody-0123456789';
const ROUTES = [Route.get('/v1/models', { access: Access.authenticated() })];

/** What comes from JavaScript, where nobody compiles. */
const core = (props: object): unknown => remoteCore(new Stack(new App()), props);
const ingress = (props: object): unknown => core({ ingress: { routes: ROUTES, ...props } as Partial<IngressProps> });
const container = (props: object): unknown => core({ container: props as Partial<CoreContainerProps> });
const gate = (props: object): unknown => core({ gate: props as GateOptions, ingress: { routes: ROUTES } });
const wholeCore = (props: object): unknown => profiled(() => Profile.remoteCore({ authorizer: Authorizer.jwt(JWT), routes: ROUTES }), props);
const profile = (make: () => Profile): unknown => profiled(make);
const remote = (props: object): unknown => profile(() => Profile.remoteCore({ authorizer: Authorizer.jwt(JWT), routes: ROUTES, ...props }));
const cortex = (props: object): unknown => profile(() => Profile.cortex({ corsOrigins: [HttpsOrigin.of('https://app.acme.com')], ...props }));

/** As if nobody compiled: any value in the place of any other. */
const any = (value: unknown): never => value as never;

/** One for all, since most of a broker is refused before anything of it is made. */
const PLACE = brokerPlace();
const SECRET: ISecret = any({ secretArn: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:a-AbCdEf', env: { region: 'eu-central-1' }, node: {} });
const CERTIFICATE = certificate(PLACE.stack);
let made = 0;
const named = (id: unknown, kind: unknown = DeviceCredentialKind.SSH): BrokerCredential => BrokerCredential.secretsManager(any(id), any(kind), SECRET);
function broker({ ingress: given, ...props }: BrokerChanges = {}): unknown {
  made += 1;
  return madeBroker({ credentials: [named('a')], ...props, ingress: { certificate: CERTIFICATE, ...given } }, PLACE, `Broker${made}`);
}
let ground: PoolGround | undefined;
function pool(props: object): unknown {
  ground ??= poolGround();
  made += 1;
  return poolIn(ground, props, `Workers${made}`);
}
const phase = (given: BrokerPhase, props: BrokerChanges = {}): unknown => broker({ phase: given, ...props });
const own = (options: object): unknown => phase(BrokerPhase.perWorkerKeys(options));
const joins = (...given: unknown[]): unknown => own({ joins: given });
const lent = (...given: unknown[]): unknown => broker({ credentials: any(given) });
const kept = (secret: unknown, options?: unknown): unknown => lent(BrokerCredential.secretsManager('a', DeviceCredentialKind.SSH, any(secret), any(options)));
const leases = (options: unknown): unknown => broker({ leases: LeaseTerms.of(any(options)) });
const devices = (...given: unknown[]): unknown => pool({ devices: given });
const ports = (...given: unknown[]): unknown => devices({ cidr: '10.40.0.0/16', ports: given });
const table = (props: unknown): unknown => new JobTable(new Stack(new App()), 'Jobs', any(props));
const REST = { network: { vpc: {} }, phase: BrokerPhase.sharedKey(), credentials: [named('a')], audit: { hot: {} }, environment: 'staging' };
const tomWith = (props: object): unknown => profiled(brokered(props));
const tomBroker = (props: object): unknown => profiled(brokered({}, props));
const tomAfter = (after: AfterCheckout): unknown => tomWith({ credentials: [{ ...CREDENTIALS[0], after }] });
const workers = (given: WorkerPhase): unknown => tomWith({ workers: given });

const MISTAKES: readonly (readonly [what: string, make: () => unknown, message: string])[] = [
  ['a topic that is none', () => core({ alarmTopic: {} }), 'alarmTopic is "object". Name who is told'],
  ['the name of a topic', () => wholeCore({ alarmTopic: 'arn:aws:sns:eu-central-1:111122223333:alarms' }), 'alarmTopic is "a text". Name who is told'],
  ['a size that is none', () => core({ size: 'HUGE' }), 'size is "HUGE". Name Size.DEV, Size.STANDARD or Size.PRODUCTION'],
  ['null for a size', () => wholeCore({ size: null }), 'size is null. Name Size.DEV'],
  ['null for options of the container', () => wholeCore({ container: null }), 'container is null. Name options of the container'],
  ['null for a gate', () => core({ gate: null }), 'gate is null. Name options of the gate'],
  ['a store that is in no list', () => core({ stores: {} }), 'stores is "object". List stores'],
  ['a network by its id', () => core({ network: 'vpc-0123' }), 'network is "a text". Name a PrivateNetwork'],
  ['an egress by a host', () => core({ egress: 'api.openai.com' }), 'egress is "a text". Name Egress.providers(…)'],
  ['an authorizer by its name', () => core({ authorizer: 'jwt' }), 'authorizer is "a text". Name who a caller must prove to be'],
  ['an imitated image', () => container({ image: 'core@sha256:0' }), 'container.image is "a text". Name what the container runs'],
  ['an image as text', () => wholeCore({ image: 'core@sha256:0' }), 'image is "a text". Name what the container runs'],
  ['a number for a variable', () => container({ environment: { PORT: 8000 } }), 'container.environment.PORT is 8000. Write a text'],
  ['null for variables', () => container({ environment: null }), 'container.environment is null. Name variables'],
  ['a secret as text', () => container({ secrets: { API_KEY: CANARY } }), 'container.secrets.API_KEY is "a text". Name where it is filled in from'],
  ['no certificate', () => ingress({ certificate: null }), 'certificate is nothing. Name a certificate of AWS Certificate Manager'],
  ['a certificate by its ARN', () => ingress({ certificate: 'arn:aws:acm:eu-central-1:111122223333:certificate/1' }), 'certificate is "a text". Name a certificate'],
  ['no callers', () => ingress({ callers: undefined }), 'callers is nothing. Name who may connect'],
  ['callers as a text', () => ingress({ callers: '10.0.0.0/8' }), 'callers is "a text". Name who may connect'],
  ['a block that is none', () => ingress({ callers: Callers.cidrs(5 as unknown as string) }), 'Callers.cidrs is 5. Name the block'],
  ['an older TLS', () => ingress({ tlsFloor: 'TLS10' }), 'tlsFloor is "TLS10". Name TlsFloor.TLS_1_3'],
  ['a route as text', () => ingress({ routes: ['/v1/models'] }), 'routes is "a list". Declare it by Route.get(…)'],
  ['an access as text', () => ingress({ routes: [Route.get('/v1', { access: 'chat' as unknown as Access })] }), 'routes (GET /v1).access is "a text". Say who may use it: Access.scope(…)'],
  ['a scope that is none', () => ingress({ routes: [Route.get('/v1', { access: Access.scope(null as unknown as string) })] }), '.scope is null. Name one of 1 to 256'],
  ['a body in megabytes', () => gate({ maxBody: '10MB' }), 'gate.maxBody is "a text". Name a Size of the CDK'],
  ['seconds as a number', () => gate({ requestTimeout: 30 }), 'gate.requestTimeout is 30. Name a Duration'],
  ['a plan that is none', () => gate({ ratePlan: {} }), 'gate.ratePlan is "object". Name RatePlan.perCaller(…)'],
  ['pages as texts', () => cortex({ corsOrigins: ['https://app.acme.com'] }), 'profile.corsOrigins is "a list". List pages, such as [HttpsOrigin.of('],
  ['one page', () => cortex({ corsOrigins: 'https://app.acme.com' }), 'profile.corsOrigins is "a text". Name at least one page'],
  ['null for commands', () => cortex({ limiterCommands: null }), 'profile.limiterCommands is null. List commands of Redis'],
  ['pages of a Remote Core as texts', () => remote({ corsOrigins: ['https://app.acme.com'] }), 'profile.corsOrigins is "a list". List pages'],
  ['routes of a Remote Core as texts', () => remote({ routes: ['/v1'] }), 'profile.routes is "a list". Declare what is forwarded'],
  ['a broker of nothing', () => new CredentialBroker(new Stack(new App()), 'Broker', any(null)), 'network is nothing. Name the network that workers reach it in'],
  ['a network of a broker by its id', () => broker(any({ network: 'vpc-0123' })), 'network is "a text". Name the network that workers reach it in'],
  ['an ingress as text', () => new CredentialBroker(new Stack(new App()), 'Broker', any({ ...REST, ingress: 'broker.acme.internal' })), 'ingress is "a text". Name the host name and the certificate'],
  ['a host name as number', () => broker(any({ ingress: { domainName: 5 } })), 'ingress.domainName is 5. Name a host'],
  ['callers of a broker as text', () => broker(any({ ingress: { callers: '10.0.0.0/8' } })), 'ingress.callers is "a text". Name workers\' networks'],
  ['null for limits of a broker', () => broker(any({ ingress: { webAcl: null } })), 'ingress.webAcl is null. Name limits'],
  ['a window of limits as number', () => broker(any({ ingress: { webAcl: { rateWindow: 60 } } })), 'ingress.webAcl.rateWindow is 60. Name a Duration'],
  ['a phase by its name', () => broker(any({ phase: 'shared-key' })), 'phase is "a text". Name how workers prove who they are'],
  ['null for options of a shared key', () => phase(BrokerPhase.sharedKey(any(null))), 'phase.shared is null. Name options of the shared key'],
  ['a shared key as text', () => phase(BrokerPhase.sharedKey({ key: any(CANARY) })), 'phase.key is "a text". Name the RotatingSecret'],
  ['a rotation as number', () => phase(BrokerPhase.sharedKey({ rotation: any(30) })), 'phase.rotation is 30. Name Rotation.every(…)'],
  ['null for options of own keys', () => phase(BrokerPhase.perWorkerKeys(any(null))), 'phase.own is null. Name options of workers\' own keys'],
  ['a life of keys in hours', () => own({ keyLife: 12 }), 'phase.keyLife is 12. Name a Duration'],
  ['a rotation of own keys as text', () => own({ rotation: 'monthly' }), 'phase.rotation is "a text". Name Rotation.every(…)'],
  ['a join that is in no list', () => own({ joins: WorkerJoin.token() }), 'phase.joins is "object". Name WorkerJoin.token()'],
  ['a join by its name', () => joins('token'), 'phase.joins[0] is "a text". Name WorkerJoin.token()'],
  ['no join', () => joins(), 'phase.joins is []. Name WorkerJoin.token()'],
  ['one join twice', () => joins(WorkerJoin.token(), WorkerJoin.token()), 'phase.joins is ["token","token"]. Name WorkerJoin.token()'],
  ['null for options of tokens', () => joins(WorkerJoin.token(any(null))), 'phase.joins.token is null. Name options of tokens'],
  ['a life of tokens in minutes', () => joins(WorkerJoin.token({ life: any(10) })), 'phase.joins.token.life is 10. Name a Duration'],
  ['tasks by the name of their role', () => joins(WorkerJoin.task(any('worker-role'))), 'phase.joins.task[0] is "a text". Name tasks that may join'],
  ['tasks without a role', () => joins(WorkerJoin.task(any({ prefix: 'field' }))), 'phase.joins.task[0].role is nothing. Name the role'],
  ['tasks without a prefix', () => joins(WorkerJoin.task(any({ role: { roleName: 'r', env: {} } }))), 'phase.joins.task[0].prefix is nothing. Name what the ids'],
  ['null for a migration', () => phase(BrokerPhase.migration(any(null))), 'phase is "BrokerPhase.migration". Size.PRODUCTION'],
  ['a migration without an end', () => phase(BrokerPhase.migration(any({})), { size: Size.STANDARD }), 'phase.until is nothing. Name a day to come'],
  ['a migration until a number', () => phase(BrokerPhase.migration({ until: any(20270101) }), { size: Size.STANDARD }), 'phase.until is 20270101. Name a day to come'],
  ['one credential', () => broker(any({ credentials: named('a') })), 'credentials is "object". Name what may be checked out'],
  ['credentials by their ids', () => lent('core-routers'), 'credentials[0] is "a text". Name what BrokerCredential.secretsManager(…)'],
  ['no credential', () => lent(), 'credentials is []. Name what may be checked out'],
  ['an id that is a number', () => lent(named(7)), 'credentials[0].id is 7. Begin with a letter or digit'],
  ['an id twice', () => lent(named('a'), named('a')), 'credentials[1].id is "a". Another credential has it'],
  ['a kind that there is not', () => lent(named('a', 'TELNET')), 'credentials[0].kind is "TELNET". Name one of SSH, SNMP, API_KEY'],
  ['null for a kind', () => lent(named('a', null)), 'credentials[0].kind is null. Name one of SSH'],
  ['a password for a secret', () => kept(CANARY), 'credentials[0].secret is "a text". Name a secret of AWS Secrets Manager'],
  ['null for a secret', () => kept(null), 'credentials[0].secret is null. Name a secret of AWS Secrets Manager'],
  ['null for options of a credential', () => kept(SECRET, null), 'credentials[0].options is null. Name options of the credential'],
  ['what comes after by its name', () => kept(SECRET, { after: 'rotate' }), 'credentials[0].after is "a text". Name AfterCheckout.keep()'],
  ['a rotation by nobody', () => kept(SECRET, { after: AfterCheckout.rotate(any(undefined)) }), 'credentials[0].after.rotation is nothing. Name the function'],
  ['a rotation by an ARN', () => kept(SECRET, { after: AfterCheckout.rotate(any('arn:aws:lambda:x')) }), 'credentials[0].after.rotation is "a text". Name the function'],
  ['a parameter by its name', () => lent(BrokerCredential.parameterStore('a', DeviceCredentialKind.SSH, any('/devices/a'))), 'credentials[0].parameter is "a text". Name a SecureString'],
  ['records that go nowhere', () => broker(any({ audit: 'hot' })), 'audit is "a text". Name the AuditTrail'],
  ['an environment that is a number', () => broker(any({ environment: 1 })), 'environment is 1. Name whose secrets these are'],
  ['a binding by its name', () => broker(any({ jobs: 'assigned' })), 'jobs is "a text". Name JobBinding.assigned()'],
  ['whoever comes first, for no reason', () => broker(any({ jobs: JobBinding.firstToClaim(any(undefined)) })), 'JobBinding.firstToClaim.reason is nothing. Say why in a sentence'],
  ['a reason that is a number', () => broker(any({ jobs: JobBinding.firstToClaim(any(1)) })), 'JobBinding.firstToClaim.reason is 1. Say why in a sentence'],
  ['a table by its name', () => broker(any({ jobTable: 'jobs' })), 'jobTable is "a text". Name a JobTable'],
  ['leases as seconds', () => broker(any({ leases: 300 })), 'leases is 300. Name LeaseTerms.of(…)'],
  ['null for terms', () => leases(null), 'leases is null. Name terms'],
  ['a lease in minutes', () => leases({ ttl: 5 }), 'leases.ttl is 5. Name a Duration'],
  ['null for the longest lease', () => leases({ longest: null }), 'leases.longest is null. Name a Duration'],
  ['an exit that there is not', () => leases({ onExit: 'FORGET' }), 'leases.onExit is "FORGET". Name LeaseExit.REVOKE'],
  ['a clock in seconds', () => broker(any({ clockWindow: 60 })), 'clockWindow is 60. Name a Duration'],
  ['requests as text', () => broker(any({ requestsPerWorker: '120' })), 'requestsPerWorker is "120". Name a whole number'],
  ['a size of a broker that is none', () => broker(any({ size: 'HUGE' })), 'size is "HUGE". Name Size.DEV'],
  ['what becomes of tables by a word', () => broker(any({ removalPolicy: 'forever' })), 'removalPolicy is "forever". Name a RemovalPolicy'],
  ['a trail by its name', () => broker(any({ trail: 'organization' })), 'trail is "a text". Name TrailCoverage.trail(…)'],
  ['null for a table', () => table(null), 'props is null. Name options of the table'],
  ['a key of a table by its ARN', () => table({ encryptionKey: 'arn:aws:kms:x' }), 'encryptionKey is "a text". Name a key of AWS KMS'],
  ['a pool of nothing', () => new WorkerPool(new Stack(new App()), 'Workers', any(undefined)), 'broker is nothing. Name the CredentialBroker'],
  ['a pool\'s broker by its URL', () => pool({ broker: 'https://broker.acme.internal' }), 'broker is "a text". Name the CredentialBroker'],
  ['a worker\'s image as text', () => pool({ image: 'worker:latest' }), 'image is "a text". Name what they run'],
  ['a health check as text', () => pool({ healthCheckCommand: 'python health.py' }), 'healthCheckCommand is "a text". Begin with CMD'],
  ['a number in a health check', () => pool({ healthCheckCommand: ['CMD', 5] }), 'healthCheckCommand is "a list". Begin with CMD'],
  ['a queue by its host', () => pool({ queue: 'redis.acme.internal' }), 'queue is "a text". Name what redis.addUser(…) returns'],
  ['a roll-out that is none', () => pool({ rollout: true }), 'rollout is true. Name a RotationRollout'],
  ['a number of workers as text', () => pool({ workers: '2' }), 'workers is "2". Name a whole number'],
  ['null for CPU units', () => pool({ cpu: null }), 'cpu is null. Name a number'],
  ['null for variables of workers', () => pool({ environment: null }), 'environment is null. Name variables'],
  ['a number for a variable of workers', () => pool({ environment: { DEPTH: 5 } }), 'environment.DEPTH is 5. Write a text'],
  ['devices by their block', () => pool({ devices: '10.40.0.0/16' }), 'devices is "a text". List networks of devices'],
  ['a block in the place of a network of devices', () => devices('10.40.0.0/16'), 'devices[0] is "a text". Name a network of devices'],
  ['devices without a block', () => devices({ ports: [DevicePort.tcp(22)] }), 'devices[0].cidr is nothing. Name the IPv4 block'],
  ['devices without ports', () => devices({ cidr: '10.40.0.0/16' }), 'devices[0].ports is nothing. Name what they listen on'],
  ['a port as number', () => ports(22), 'devices[0].ports[0] is 22. Name what they listen on'],
  ['a port as text', () => ports(DevicePort.tcp(any('22'))), 'devices[0].ports[0] is "22". Name a port'],
  ['null for tom\'s broker', () => tomWith({ broker: null }), 'profile.broker is null. Name what gives credentials out'],
  ['tom\'s broker as text', () => tomWith({ broker: 'https://broker.acme.internal' }), 'profile.broker is "a text". Name what gives credentials out'],
  ['tom\'s broker without an ingress', () => tomBroker({ ingress: undefined }), 'profile.broker.ingress is nothing. Name the host name'],
  ['an ingress of tom\'s broker as text', () => tomBroker({ ingress: 'broker.acme.internal' }), 'profile.broker.ingress is "a text". Name the host name'],
  ['a host name of tom\'s broker as number', () => tomBroker({ ingress: { domainName: 5, certificate: {} } }), 'profile.broker.ingress.domainName is 5. Name the host name'],
  ['jobs of tom by a word', () => tomBroker({ jobs: 'first' }), 'profile.broker.jobs is "a text". Name JobBinding.assigned()'],
  ['leases of tom as seconds', () => tomBroker({ leases: 300 }), 'profile.broker.leases is 300. Name LeaseTerms.of(…)'],
  ['null for tom\'s workers', () => tomBroker({ workers: null }), 'profile.broker.workers is null. Name workers'],
  ['a credential of tom by its id', () => tomWith({ credentials: ['core-routers'] }), 'profile.credentials[0] is "a text". Name a credential of devices'],
  ['a credential of tom without an id', () => tomWith({ credentials: [{ kind: DeviceCredentialKind.SSH }] }), 'profile.credentials[0].id is nothing. Name what jobs call it'],
  ['an age of tom\'s credential in days', () => tomWith({ credentials: [{ ...CREDENTIALS[0], maxAge: 90 }] }), 'profile.credentials[0].maxAge is 90. Name a Duration'],
  ['a function of nobody after a checkout of tom\'s', () => tomAfter(AfterCheckout.rotate(any(null))), 'profile.credentials[0].after.rotation is null. Name the function'],
  ['a phase of tom by its name', () => profiled(tom({ workers: any('checkout') })), 'profile.workers is "a text". Name WorkerPhase.checkout()'],
  ['null for keys of tom\'s workers', () => workers(WorkerPhase.perWorkerKeys(any(null))), 'profile.workers.perWorkerKeys is null. Name options of workers\' own keys'],
  ['null for a migration of tom', () => workers(WorkerPhase.migration(any(null))), 'profile.workers is "WorkerPhase.migration". Size.PRODUCTION'],
  ['null for keys of providers', () => remote({ providerKeys: null }), 'profile.providerKeys is null. List keys of providers'],
];

function refusalOf(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    return String(error);
  }
  return 'nothing';
}

describe('What JavaScript gives in the place of a prop', () => {
  test.each(MISTAKES)('is refused by the name of the prop: %s', (_, make, message) => {
    const said = refusalOf(make);
    expect(said).toContain(message);
    expect(said).not.toContain(CANARY);
  });

  test('is refused though it cannot be shown', () => {
    const circular: { self?: object } = {};
    circular.self = circular;
    expect(() => ingress({ domainName: 10n })).toThrow('domainName is "bigint". Name a host');
    expect(() => container({ user: circular })).toThrow('container.user is nothing that can be shown. Name a numeric user');
  });
});

test('a key in the place of its prefix is repeated nowhere', () => {
  const wrong = (): unknown => core({ authorizer: Authorizer.jwt(JWT).withGateProof(GateProof.apiKeys({ prefix: CANARY })), ingress: { routes: ROUTES } });
  expect(wrong).toThrow(`keyPrefixes is "a text of ${CANARY.length} characters". Name 2 to 16`);
  expect(wrong).not.toThrow(CANARY);
});
