import { App, Stack } from 'aws-cdk-lib';
import { AccountPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type CfnFunction, Code, Function as Fn, Runtime } from 'aws-cdk-lib/aws-lambda';
import { AuditTrail } from '../../src/audit/audit-trail';
import { AfterCheckout } from '../../src/broker/after-checkout';
import type { BrokerCredential } from '../../src/broker/broker-credential';
import { BrokerPhase } from '../../src/broker/broker-phase';
import { PHASE_METADATA } from '../../src/broker/contract';
import { DeviceCredentialKind } from '../../src/broker/device-credential-kind';
import { DeviceCredentials } from '../../src/broker/device-credentials';
import { WorkerJoin } from '../../src/broker/worker-join';
import { SecureCoreChecks } from '../../src/checks/secure-core-checks';
import { PrivateNetwork } from '../../src/network/private-network';
import { TrailCoverage } from '../../src/secrets/trail-coverage';
import { Size } from '../../src/size';
import { ENV } from '../support/network-stack';
import { alarmTopic } from '../support/remote-core';
import { type BrokerPlace, inDays, madeBroker } from './broker-stack';

const PHASES: Readonly<Record<string, () => BrokerPhase>> = {
  'a shared key': () => BrokerPhase.sharedKey(),
  'keys of workers': () => BrokerPhase.perWorkerKeys({ joins: [WorkerJoin.token()] }),
  'a migration': () => BrokerPhase.migration({ until: inDays(30) }),
};

function place(): BrokerPlace {
  const app = new App();
  const stack = new Stack(app, 'Field', { env: ENV });
  return { app, stack, network: new PrivateNetwork(stack, 'Network'), audit: new AuditTrail(stack, 'Audit', { alarmTopic: alarmTopic(stack) }) };
}

function credentials({ stack }: BrokerPlace): BrokerCredential[] {
  const after = AfterCheckout.rotate(new Fn(stack, 'Rotator', { runtime: Runtime.NODEJS_24_X, handler: 'index.handler', code: Code.fromInline('0') }));
  return new DeviceCredentials(stack, 'Credentials', {
    credentials: [{ id: 'kept', kind: DeviceCredentialKind.SSH }, { id: 'changed', kind: DeviceCredentialKind.SNMP, after }],
    environment: 'staging', alarmTopic: alarmTopic(stack),
  }).credentials;
}

describe('The pack', () => {
  test.each(Object.entries(PHASES))('finds nothing in a broker with %s', (_, phase) => {
    const given = place();
    const { stack, broker } = madeBroker({
      phase: phase(), credentials: credentials(given), size: Size.STANDARD, alarmTopic: alarmTopic(given.stack), trail: TrailCoverage.declared('The trail of the organization.'),
    }, given);
    broker.grantAssignJobs(new Role(stack, 'Orchestrator', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') }));
    broker.grantManageWorkers(new Role(stack, 'Person', { assumedBy: new AccountPrincipal(ENV.account) }));
    expect(new SecureCoreChecks(stack).validateScope(stack).violations).toEqual([]);
  });

  test('reads what a broker says of itself', () => {
    const given = place();
    const { stack, broker } = madeBroker({ phase: BrokerPhase.migration({ until: inDays(30) }), credentials: credentials(given), size: Size.STANDARD }, given);
    const fn = broker.node.findChild('Handler').node.findChild('Function').node.defaultChild as CfnFunction;
    fn.addMetadata(PHASE_METADATA, { ...fn.getMetadata(PHASE_METADATA), environment: 'production' });
    fn.addPropertyOverride('LoggingConfig.ApplicationLogLevel', 'ERROR');
    const found = new SecureCoreChecks(stack).validateScope(stack).violations.map(({ ruleName }) => ruleName);
    expect(found).toEqual(expect.arrayContaining(['WCC-10.phase', 'WCC-6.recorded']));
  });
});
