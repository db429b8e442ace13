import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Function as Fn } from 'aws-cdk-lib/aws-lambda';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import fc from 'fast-check';
import {
  AfterCheckout, type BrokerIngressOptions, type DeviceNetwork, DevicePort, JobBinding, LeaseExit, LeaseTerms, type LeaseTermsOptions, type TaskWorkers, type TokenJoinOptions,
  type TomBrokerProps, type TomWorkersProps, WorkerJoin, type WorkerKeyOptions, type WorkerMigrationOptions, WorkerPhase,
} from '../../../src';
import { anImage } from './container';
import { built, type Draw, factoriesOf, flag, listOf, mapped, memberOf, mostly, perhaps, plain, propsOf, text, whole } from './draw';
import { aWebAcl, someCallers } from './ingress';
import { aBucket, ACCOUNT, aReason, aRotation, REGION, seconds } from './values';

const day = (fromNow: number): string => new Date(Date.now() + fromNow * 86_400_000).toISOString().slice(0, 10);

/** What is known before there are workers: their joins go with most of what follows. */
const someJoins: Draw<WorkerJoin[]> = listOf(factoriesOf<typeof WorkerJoin, WorkerJoin>('WorkerJoin', {
  token: mapped(propsOf<TokenJoinOptions>('TokenJoinOptions', { life: perhaps(seconds(60, 3600)) }), 'token', (options) => WorkerJoin.token(options)),
  task: mapped(listOf(propsOf<TaskWorkers>('TaskWorkers', {
    role: built('role', (site) => Role.fromRoleArn(site.place('Workers'), 'Role', `arn:aws:iam::${ACCOUNT}:role/workers`)),
    prefix: text(['site-a', 'site-b'], 'a b', ''),
  }), 0, 1), 'tasks', (workers) => WorkerJoin.task(...workers)),
}), 1, 2);

const someKeys: Draw<WorkerKeyOptions> = propsOf<WorkerKeyOptions>('WorkerKeyOptions', {
  joins: perhaps(someJoins, 30), keyLife: perhaps(seconds(3600, 86_400)), rotation: perhaps(aRotation, 30),
});

export const aWorkerPhase: Draw<WorkerPhase> = factoriesOf<typeof WorkerPhase, WorkerPhase>('WorkerPhase', {
  checkout: built('checkout', () => WorkerPhase.checkout()),
  perWorkerKeys: mapped(someKeys, 'own keys', (options) => WorkerPhase.perWorkerKeys(options)),
  migration: mapped(propsOf<WorkerMigrationOptions>('WorkerMigrationOptions', {
    until: text([day(2), day(80)], day(-1), day(100), 'soon'),
    credentialFile: perhaps(text(['/run/creds.yml'], 'a b')),
    to: perhaps(someKeys),
  }), 'migration', (options) => WorkerPhase.migration(options)),
}, 'migration');

export const anAfterCheckout: Draw<AfterCheckout> = factoriesOf<typeof AfterCheckout, AfterCheckout>('AfterCheckout', {
  keep: built('keep', () => AfterCheckout.keep()),
  rotate: built('rotate', (site) => {
    const place = site.place('Rotation');
    const role = Role.fromRoleArn(place, 'Role', `arn:aws:iam::${ACCOUNT}:role/rotation`, { mutable: false });
    return AfterCheckout.rotate(Fn.fromFunctionAttributes(place, 'Named', { functionArn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:rotation`, role, sameEnvironment: true }));
  }),
});

const aPort: Draw<DevicePort> = factoriesOf<typeof DevicePort, DevicePort>('DevicePort', {
  tcp: mapped(whole(1, 65535), 'tcp', (port) => DevicePort.tcp(port)), udp: mapped(whole(1, 65535), 'udp', (port) => DevicePort.udp(port)),
});

const someDevices: Draw<DeviceNetwork[]> = listOf(propsOf<DeviceNetwork>('DeviceNetwork', {
  cidr: text(['10.40.0.0/16', '10.41.0.0/24'], '0.0.0.0/0', '10.40.0.1/16'), ports: listOf(aPort, 1, 2),
}), 1, 2);

const workers: Draw<TomWorkersProps> = propsOf<TomWorkersProps>('TomWorkersProps', {
  image: anImage,
  healthCheckCommand: mostly(built('python', () => ['CMD', 'python', '/app/health.py']), built('nothing', () => []), built('a path', () => ['/app/health'])),
  devices: perhaps(someDevices),
  workers: perhaps(whole(1, 10)),
  cpu: perhaps(mapped(text(['256', '512'], '300'), 'units', Number), 30),
  memoryLimitMiB: perhaps(mapped(text(['1024', '2048'], '1'), 'MiB', Number), 30),
  user: perhaps(text(['65534:65534'], 'root')),
  environment: perhaps(plain(fc.constantFrom<Record<string, string>>({}, { SITE: 'a' }))),
});

const ingress: Draw<BrokerIngressOptions> = propsOf<BrokerIngressOptions>('BrokerIngressOptions', {
  domainName: text(['broker.acme.internal', 'Broker.Acme.internal'], 'https://broker.acme.internal'),
  certificate: built('certificate', (site) => site.one('broker certificate',
    () => Certificate.fromCertificateArn(site.place('Certificate'), 'Named', `arn:aws:acm:${REGION}:${ACCOUNT}:certificate/0a4f1e0c-2b3d-4c5e-8f90-a1b2c3d4e5f6`))),
  callers: perhaps(someCallers, 15),
  accessLogBucket: perhaps(aBucket, 20),
  aliasZone: perhaps(built('zone', (site) => HostedZone.fromHostedZoneAttributes(site.place('Zone'), 'Named', { hostedZoneId: 'Z0123456789ABC', zoneName: 'acme.internal' }))),
  webAcl: perhaps(aWebAcl, 10),
  deletionProtection: perhaps(flag),
});

const leases: Draw<LeaseTerms> = factoriesOf<typeof LeaseTerms, LeaseTerms>('LeaseTerms', {
  of: mapped(propsOf<LeaseTermsOptions>('LeaseTermsOptions', { ttl: perhaps(seconds(60, 900)), longest: perhaps(seconds(900, 28_800)), onExit: perhaps(memberOf('LeaseExit', LeaseExit)) }), 'terms',
    (options) => LeaseTerms.of(options)),
});

export const aTomBroker: Draw<TomBrokerProps> = propsOf<TomBrokerProps>('TomBrokerProps', {
  ingress,
  jobs: perhaps(factoriesOf<typeof JobBinding, JobBinding>('JobBinding', {
    assigned: built('assigned', () => JobBinding.assigned()), firstToClaim: mapped(aReason, 'first to claim', (reason) => JobBinding.firstToClaim(reason)),
  })),
  leases: perhaps(leases),
  requestsPerWorker: perhaps(whole(1, 6000)),
  workers: perhaps(workers),
});
