import { NO_COLORS } from '../../../src/cli/colors';
import type { DoctorAws } from '../../../src/cli/doctor/aws';
import { doctor } from '../../../src/cli/doctor/doctor';
import { ITEM_NAMES, type ItemName } from '../../../src/cli/doctor/items';
import { CONFIGURATION as BROKER_CONFIGURATION, PHASE_3 } from '../../runtime/broker/world';
import {
  BALANCER_ATTRIBUTES, BROKER_BALANCER, BROKER_TARGETS, callers, CORE, CORTEX_VARIABLES, listener, LOAD_BALANCER, marked, NOW, RESOURCES, SENTINEL, service, STACK, wellAws, withBroker,
  withContainer, withGate,
} from './well-aws';

interface Told {
  readonly item: string;
  readonly path: string;
  readonly verdict: 'ok' | 'wrong' | 'unknown';
  readonly says?: string;
}

async function itemsOf(changes: Partial<DoctorAws>): Promise<{ readonly isWell: boolean; readonly items: readonly Told[] }> {
  const said: string[] = [];
  const isWell = await doctor(STACK, { format: 'json' }, { aws: wellAws(changes), now: () => NOW, paint: NO_COLORS, print: (text) => said.push(text) });
  expect(said.join('')).not.toContain(SENTINEL);
  return { isWell, items: (JSON.parse(said.join('')) as { readonly items: readonly Told[] }).items };
}

const answer = <T>(value: T) => (): Promise<T> => Promise.resolve(value);
const byCertificate = withGate({ identity: { accept: [['certificate']], tokens: [], certificate: { subjectHeader: 'x-amzn-mtls-clientcert-subject', scopes: {} } } });

const migrating = (until: string): Partial<DoctorAws> => withBroker({
  configuration: JSON.stringify({ ...BROKER_CONFIGURATION, phase: { kind: 'migration', shared: { ring: 'shared-AbCdEf' }, own: PHASE_3.phase.own, until } }),
});

type Case = readonly [changes: Partial<DoctorAws>, verdict: 'wrong' | 'unknown', says: RegExp];

/** How each item fails: the least that has to be so. */
const FAULTS: Readonly<Record<ItemName, Case>> = {
  'tasks.settled': [{ serviceOf: answer(service({ isRollingOut: true })) }, 'unknown', /roll-out/],
  'tasks.running': [{ serviceOf: answer(service({ running: 1 })) }, 'wrong', /1 of 2/],
  'tasks.image': [withContainer('Core', { image: 'core:latest' }), 'wrong', /^Core may be another image/],
  'tasks.user': [withContainer('Core', { user: '0:0' }), 'wrong', /^Core may run as root/],
  'tasks.read-only': [withContainer('Core', { isReadOnly: false }), 'wrong', /^Core can write/],
  'tasks.privileges': [withContainer('Core', { dropped: ['NET_RAW'] }), 'wrong', /^Core may do/],
  'tasks.host': [{ serviceOf: answer(service({ hostPaths: ['/var/run/docker.sock'] })) }, 'wrong', /host/],
  'tasks.limits': [{ serviceOf: answer({ ...service(), memory: undefined }) }, 'wrong', /^Gate and Core may take all/],
  'tasks.logs': [withContainer('Core', { logGroup: undefined }), 'wrong', /^Core writes to no log group/],
  'tasks.plain-secrets': [
    withContainer('Core', { environment: new Map([...Object.entries(CORTEX_VARIABLES), ['OPENAI_API_KEY', `sk-proj-${'Ab3'.repeat(16)}`]]) }), 'wrong', /^OPENAI_API_KEY of Core looks like a secret$/,
  ],
  'tasks.shell': [{ serviceOf: answer(service({ takesCommands: true })) }, 'wrong', /ECS Exec/],
  'tasks.private': [{ serviceOf: answer(service({ hasPublicAddress: true })) }, 'wrong', /public addresses/],
  'gate.configuration': [withGate({ version: 2 }), 'wrong', /version/],
  'gate.in-front': [{ serviceOf: answer(service({ targets: [{ group: 'g', container: 'Core' }] })) }, 'wrong', /leads to Core/],
  'gate.remote': [withGate({ profile: 'local' }), 'wrong', /developer/],
  'gate.proofs': [withGate({ identity: { accept: [], tokens: [] } }), 'unknown', /configuration is none/],
  'gate.roles': [withGate({ policy: { routes: [], roles: { admin: ['*'] } } }), 'wrong', /do everything/],
  'gate.limits': [withGate({ rate: undefined }), 'wrong', /counts nobody/],
  'gate.cors': [withGate({ cors: { origins: ['*'], credentials: false, headers: [], maxAgeSeconds: 60 } }), 'wrong', /origins/],
  'gate.audit-key': [withContainer('Gate', { secrets: new Map() }), 'wrong', /hash callers/],
  'broker.running': [withBroker({ concurrency: 0 }), 'wrong', /may not run/],
  'broker.configuration': [withBroker({ configuration: JSON.stringify({ ...BROKER_CONFIGURATION, version: 2 }) }), 'wrong', /BROKER_CONFIGURATION\.version/],
  'broker.callers': [{ callersOf: answer(callers({ AWS: 'arn:aws:iam::444455556666:root' })) }, 'wrong', /no load balancer/],
  'broker.migration': [migrating('2030-01-02'), 'wrong', /no shared key since 2030-01-02/],
  'broker.expiry': [{ expiryOf: answer('') }, 'wrong', /for ever/],
  'load-balancers.web-acl': [{ webAclOf: answer(undefined) }, 'wrong', /no web ACL/],
  'load-balancers.rate': [{ webAclOf: answer({ Rules: [] }) }, 'wrong', /limits no rate/],
  'load-balancers.requests': [{ loadBalancerOf: answer({ attributes: new Map([...BALANCER_ATTRIBUTES, ['routing.http.desync_mitigation_mode', 'monitor']]) }) }, 'wrong', /two ways/],
  'load-balancers.logs': [{ loadBalancerOf: answer({ attributes: new Map([...BALANCER_ATTRIBUTES, ['access_logs.s3.enabled', 'false']]) }) }, 'wrong', /logs no access/],
  'listeners.tls': [{ listenersOf: answer([listener(), listener({ Protocol: 'HTTP', Port: 80 })]) }, 'wrong', /without TLS/],
  'listeners.policy': [{ listenersOf: answer([listener({ SslPolicy: 'ELBSecurityPolicy-2016-08' })]) }, 'wrong', /2016-08/],
  'listeners.default': [{ listenersOf: answer([listener({ DefaultActions: [{ Type: 'forward' }] })]) }, 'wrong', /no rule/],
  'listeners.proof': [{ unprovenOf: answer(['rule 7 of listener HTTPS 443']) }, 'wrong', /rule 7/],
  'listeners.client-certificates': [{ ...byCertificate, listenersOf: answer([listener({ MutualAuthentication: { Mode: 'passthrough' } })]) }, 'wrong', /verifies no certificate/],
  'listeners.hsts': [{ listenersOf: answer([listener({ attributes: new Map() })]) }, 'wrong', /tells browsers nothing/],
  'certificates.fit': [{ certificateOf: answer(undefined) }, 'wrong', /no such certificate/],
  'targets.tls': [{ targetGroupOf: answer({ Protocol: 'HTTP', LoadBalancerArns: [] }) }, 'wrong', /without TLS/],
  'targets.healthy': [{ targetsOf: answer([{ TargetHealth: { State: 'healthy' } }, { TargetHealth: { State: 'unhealthy' } }]) }, 'wrong', /of which 1 do not answer/],
  'groups.open': [{ groupOf: answer({ IpPermissions: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, Ipv6Ranges: [{ CidrIpv6: '::/0' }] }] }) }, 'wrong', /port 22/],
  'groups.ports': [{ groupOf: answer({ IpPermissions: [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: 'sg-edge' }] }] }) }, 'wrong', /every port/],
  'groups.sources': [{ groupOf: answer({ IpPermissions: [{ IpProtocol: 'tcp', FromPort: 8443, ToPort: 8443, IpRanges: [{ CidrIp: '10.0.0.9/32' }] }] }) }, 'wrong', /port 8443/],
  'secrets.filled': [{ secretOf: answer({ VersionIdsToStages: { v1: ['AWSPENDING'] } }) }, 'wrong', /no value/],
  'secrets.rotation': [{ secretOf: answer({ VersionIdsToStages: { v1: ['AWSCURRENT'] }, Tags: [{ Key: 'cdk-secure-core:rotates', Value: 'ring' }] }) }, 'wrong', /does not/],
  'secrets.in-time': [{ secretOf: answer({ RotationEnabled: true, VersionIdsToStages: { v1: ['AWSCURRENT'] }, NextRotationDate: new Date('2029-12-20T00:00:00Z') }) }, 'wrong', /2029-12-20/],
  'secrets.copies': [{ secretOf: answer({ VersionIdsToStages: { v1: ['AWSCURRENT'] }, ReplicationStatus: [{ Region: 'eu-west-1', Status: 'Failed' }] }) }, 'wrong', /eu-west-1/],
  'postgres.encrypted': [{ databaseOf: answer({ StorageEncrypted: false }) }, 'wrong', /not encrypted/],
  'postgres.private': [{ databaseOf: answer({ PubliclyAccessible: true }) }, 'wrong', /public address/],
  'postgres.backups': [{ databaseOf: answer({ BackupRetentionPeriod: 0 }) }, 'wrong', /no backups/],
  'postgres.tls': [{ parametersOf: answer(new Map([['rds.force_ssl', '0']])) }, 'wrong', /not encrypted/],
  'caches.tls': [{ replicationGroupOf: answer({ TransitEncryptionEnabled: true, TransitEncryptionMode: 'preferred', AtRestEncryptionEnabled: true }) }, 'wrong', /not encrypted/],
  'caches.encrypted': [{ replicationGroupOf: answer({ TransitEncryptionEnabled: true, AtRestEncryptionEnabled: false }) }, 'wrong', /on disk/],
  'tables.recovery': [{ recoveryOf: answer(false) }, 'wrong', /cannot be had back/],
  'buckets.versions': [{ versioningOf: answer('Suspended') }, 'wrong', /stopped/],
  'buckets.encryption': [{ encryptionOf: answer(['AES256']) }, 'wrong', /no key/],
  'buckets.public-block': [{ publicBlockOf: answer({ BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true }) }, 'wrong', /public/],
  'buckets.lock': [{ lockOf: answer({ ObjectLockEnabled: 'Enabled' }) }, 'wrong', /locks nothing/],
  'logs.retention': [{ logGroupOf: answer({}) }, 'wrong', /for ever/],
  'logs.delivered': [{ subscriptionsOf: answer([]) }, 'wrong', /nowhere/],
  'logs.masked': [{ maskingOf: answer('') }, 'wrong', /masks nothing/],
  'logs.archived': [{ lockOf: answer('never') }, 'wrong', /no archive/],
  'alarms.actions': [{ alarmsOf: answer([{ AlarmName: 'late', ActionsEnabled: true }, { AlarmName: 'trouble', ActionsEnabled: true, AlarmActions: ['arn:x'], AlarmRule: 'ALARM(later)' }]) }, 'wrong', /tells nobody/],
  'alarms.recipients': [{ subscribersOf: answer([{ SubscriptionArn: 'PendingConfirmation' }]) }, 'wrong', /confirmed/],
  'backups.plans': [{ planOf: answer({ Rules: [] }) }, 'wrong', /never/],
  'backups.selections': [{ selectionsOf: answer(0) }, 'wrong', /nothing/],
  'backups.made': [{ vaultOf: answer({ NumberOfRecoveryPoints: 0 }) }, 'unknown', /no recovery point/],
  'profile.known': [{ templateOf: answer(marked({ name: 'nodtool', container: 'Core' })) }, 'wrong', /profile that there is not/],
};

test('all is well where all is as it has to be, and every item is looked at', async () => {
  const { isWell, items } = await itemsOf({});
  expect(items.filter(({ verdict }) => verdict !== 'ok')).toEqual([]);
  expect(isWell).toBe(true);
  // Of these nothing is said where nothing is wrong, nobody migrates, or nobody is told of certificates.
  expect(ITEM_NAMES.filter((name) => !items.some(({ item }) => item === name))).toEqual(['broker.migration', 'listeners.client-certificates', 'profile.known']);
  expect((await itemsOf(migrating('2030-02-01'))).items).toContainEqual(expect.objectContaining({ item: 'broker.migration', verdict: 'ok' }));
  expect((await itemsOf(byCertificate)).items).toContainEqual(expect.objectContaining({ item: 'listeners.client-certificates', verdict: 'ok' }));
});

test.each(Object.entries(FAULTS))('%s is found where it is not so', async (name, [changes, verdict, says]) => {
  const { isWell, items } = await itemsOf(changes);
  expect(items).toContainEqual(expect.objectContaining({ item: name, verdict, says: expect.stringMatching(says) as string }));
  if (verdict === 'wrong') expect(isWell).toBe(false);
});

describe('it is not called wrong', () => {
  const without = async (name: ItemName, changes: Partial<DoctorAws>): Promise<readonly Told[]> => (await itemsOf(changes)).items.filter(({ item, verdict }) => item === name && verdict !== 'ok');

  test('that everybody reaches a load balancer that is meant to be reached, where it listens', async () => {
    const open: Partial<DoctorAws> = {
      loadBalancerOf: answer({ Scheme: 'internet-facing', SecurityGroups: ['sg-edge'], attributes: BALANCER_ATTRIBUTES }),
      groupOf: (id) => Promise.resolve(id === 'sg-edge' ? { IpPermissions: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }] } : {}),
    };
    expect(await without('groups.open', open)).toEqual([]);
    expect(await without('groups.open', { ...open, listenersOf: answer([listener({ Port: 8443 })]) })).toHaveLength(1);
  });

  test('that the logs of a load balancer have no versions and no key of their own', async () => {
    const { items } = await itemsOf({ versioningOf: (bucket) => Promise.resolve(bucket === 'accesslogs' ? 'never' : 'Enabled'), encryptionOf: answer(['aws:kms:dsse']) });
    expect(items.filter(({ item, verdict }) => item.startsWith('buckets.') && verdict !== 'ok')).toEqual([]);
  });

  test('that a listener without TLS does nothing but send callers to HTTPS', async () => {
    const redirect = listener({ Protocol: 'HTTP', Port: 80, DefaultActions: [{ Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', StatusCode: 'HTTP_301' } }] });
    expect(await without('listeners.tls', { listenersOf: answer([listener(), redirect]) })).toEqual([]);
  });

  test('that a task has no secret at all, which only an emulator comes to', async () => {
    const lost = service({ containers: service().containers.map((one) => ({ ...one, secrets: new Map<string, string>() })) });
    expect(await without('gate.audit-key', { serviceOf: answer(lost) })).toEqual([expect.objectContaining({ verdict: 'unknown' })]);
  });

  test('that the records of a gate are kept by another stack', async () => {
    const { items } = await itemsOf({ resourcesOf: answer(RESOURCES.filter(({ type }) => type !== 'AWS::Logs::LogGroup')), lockOf: answer('never') });
    expect(items.filter(({ item }) => item.startsWith('logs.')).map(({ item, path, verdict }) => [item, path, verdict])).toEqual([
      ['logs.retention', 'hot', 'ok'], ['logs.delivered', 'hot', 'ok'], ['logs.masked', 'hot', 'ok'], ['logs.archived', 'hot', 'unknown'],
    ]);
  });
});

describe('of a broker', () => {
  const brokerItems = async (changes: Partial<DoctorAws>): Promise<readonly Told[]> => (await itemsOf(changes)).items.filter(({ item }) => item.startsWith('broker.'));

  test.each<[string, Partial<DoctorAws>, Case[1], RegExp]>([
    ['that is being changed it is not known whether it runs', withBroker({ state: 'Pending' }), 'unknown', /being changed/],
    ['whose last change has failed it is said', withBroker({ lastUpdate: 'Failed' }), 'wrong', /as it was before/],
    ['that could not be made, too', withBroker({ state: 'Failed' }), 'wrong', /does not run/],
    ['load balancers of other accounts are no callers', { callersOf: answer(callers({ Service: 'elasticloadbalancing.amazonaws.com' })) }, 'wrong', /any account/],
    ['everybody is no caller', { callersOf: answer(callers('*', { StringEquals: {} })) }, 'wrong', /no load balancer/],
    ['a policy of another form is not understood', { callersOf: answer('{}') }, 'unknown', /another form/],
    ['another attribute lets nothing leave', { expiryOf: answer('ttl') }, 'wrong', /for ever/],
  ])('%s', async (_case, changes, verdict, says) => {
    expect(await brokerItems(changes)).toContainEqual(expect.objectContaining({ verdict, says: expect.stringMatching(says) as string }));
  });

  test('that nobody called for weeks nothing is wrong, and nothing of one that lets nobody call it', async () => {
    expect((await brokerItems({ ...withBroker({ state: 'Inactive', concurrency: undefined }), callersOf: answer('') })).filter(({ verdict }) => verdict !== 'ok')).toEqual([]);
  });

  test('a configuration that cannot be read says so once, and no value of it', async () => {
    const items = await brokerItems(withBroker({ configuration: JSON.stringify({ ...BROKER_CONFIGURATION, host: SENTINEL }) }));
    expect(items.filter(({ verdict }) => verdict === 'wrong').map(({ item }) => item)).toEqual(['broker.configuration']);
    expect(items.some(({ item }) => item === 'broker.expiry')).toBe(false);
  });

  test('nothing is asked where no load balancer leads to a function', async () => {
    const functionOf = (): Promise<never> => Promise.reject(new Error('asked'));
    expect(await brokerItems({ functionOf, resourcesOf: answer(RESOURCES.filter(({ physicalId }) => physicalId !== BROKER_TARGETS)) })).toEqual([]);
  });

  test('which may not be asked about, once is enough', async () => {
    const functionOf = (): Promise<never> => Promise.reject(Object.assign(new Error('no'), { name: 'AccessDeniedException', $metadata: {} }));
    expect(await brokerItems({ functionOf })).toMatchObject([{ item: 'broker.running', verdict: 'unknown' }]);
  });

  test('the records go somewhere as a gate\'s do', async () => {
    const { items } = await itemsOf({ ...withBroker({ logGroup: 'broker-records' }), subscriptionsOf: (group) => Promise.resolve(group === 'broker-records' ? [] : ['arn:x']) });
    expect(items).toContainEqual(expect.objectContaining({ item: 'logs.delivered', path: 'broker-records', verdict: 'wrong' }));
  });

  test('the load balancer verifies no certificates, whatever the gate\'s has to', async () => {
    const listenersOf = (arn: string): ReturnType<DoctorAws['listenersOf']> => Promise.resolve([listener({ MutualAuthentication: { Mode: arn === BROKER_BALANCER ? 'off' : 'verify' } })]);
    const told = (await itemsOf({ ...byCertificate, listenersOf })).items.filter(({ item }) => item === 'listeners.client-certificates');
    expect(told).toEqual([expect.objectContaining({ path: 'Core/Balancer HTTPS 443', verdict: 'ok' })]);
    // What leads where cannot be asked: any of them may lead to the gate.
    const targetGroupOf = (): Promise<never> => Promise.reject(Object.assign(new Error('no'), { name: 'AccessDeniedException', $metadata: {} }));
    const unasked = (await itemsOf({ ...byCertificate, listenersOf, targetGroupOf })).items.filter(({ item }) => item === 'listeners.client-certificates');
    expect(unasked.map(({ verdict }) => verdict)).toEqual(['ok', 'wrong']);
  });

  test('workers let no addresses in, as the tasks of a Core', async () => {
    const worker = service({ containers: [{ ...CORE, environment: new Map([['WORKER_ID_PREFIX', 'pool']]) }], securityGroups: ['sg-workers'], targets: [] });
    const { items } = await itemsOf({
      resourcesOf: answer([
        ...RESOURCES, { type: 'AWS::ECS::Service', path: 'Core/Workers', physicalId: 'workers' }, { type: 'AWS::EC2::SecurityGroup', path: 'Core/WorkersGroup', physicalId: 'sg-workers' },
      ]),
      serviceOf: (arn) => Promise.resolve(arn === 'workers' ? worker : service()),
      groupOf: (id) => Promise.resolve({ IpPermissions: id === 'sg-workers' ? [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '10.0.0.9/32' }] }] : [] }),
    });
    expect(items).toContainEqual(expect.objectContaining({ item: 'groups.sources', path: 'Core/WorkersGroup', verdict: 'wrong' }));
  });
});

test('a load balancer of another stack is examined that has a target group of this one', async () => {
  const { items } = await itemsOf({ resourcesOf: answer(RESOURCES.filter(({ physicalId }) => physicalId !== LOAD_BALANCER)) });
  expect(items).toContainEqual(expect.objectContaining({ item: 'listeners.tls', path: `${LOAD_BALANCER} HTTPS 443`, verdict: 'ok' }));
});

test('a certificate that covers no host of the listener\'s rules is not fit', async () => {
  const { items } = await itemsOf({ listenersOf: answer([listener({ hosts: ['other.acme.internal'] })]) });
  expect(items).toContainEqual(expect.objectContaining({ item: 'certificates.fit', verdict: 'wrong', says: expect.stringContaining('other.acme.internal') as string }));
});

test('what the stack lists and is not there any more is wrong once', async () => {
  const { isWell, items } = await itemsOf({ databaseOf: answer(undefined), secretOf: answer(undefined) });
  expect(isWell).toBe(false);
  expect(items.filter(({ verdict }) => verdict === 'wrong').map(({ item, says }) => [item, says])).toEqual([
    ['secrets.filled', 'is not there any more'], ['secrets.filled', 'is not there any more'], ['postgres.encrypted', 'is not there any more'], ['postgres.tls', 'is not there any more'],
  ]);
});
