import { App, Stack } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { AuditTrail } from '../../src/audit/audit-trail';
import { BrokerCredential } from '../../src/broker/broker-credential';
import { BrokerPhase } from '../../src/broker/broker-phase';
import type { CredentialBrokerProps } from '../../src/broker/broker-props';
import { CredentialBroker } from '../../src/broker/credential-broker';
import { DeviceCredentialKind } from '../../src/broker/device-credential-kind';
import { WorkerPool, type WorkerPoolProps } from '../../src/broker/worker-pool';
import { CoreImage } from '../../src/core/core-image';
import { PrivateNetwork, type PrivateNetworkProps } from '../../src/network/private-network';
import { ENV } from './network-stack';
import { alarmTopic, certificate, DIGEST } from './remote-core';

/** What a pool is made beside. */
export interface PoolGround {
  readonly stack: Stack;
  readonly network: PrivateNetwork;
  readonly broker: CredentialBroker;
  readonly audit: AuditTrail;
}

interface GroundOptions {
  readonly network?: PrivateNetworkProps;
  readonly broker?: Partial<CredentialBrokerProps>;
  readonly stack?: Stack;
}

/** A broker of one credential, with whatever a test lays over it. */
export function poolGround({ network: networkProps, broker: brokerProps, stack = new Stack(new App(), 'Test', { env: ENV }) }: GroundOptions = {}): PoolGround {
  const network = new PrivateNetwork(stack, 'Network', networkProps);
  const audit = new AuditTrail(stack, 'Audit');
  const broker = new CredentialBroker(stack, 'Broker', {
    network,
    ingress: { domainName: 'broker.acme.internal', certificate: certificate(stack) },
    phase: BrokerPhase.sharedKey(),
    credentials: [BrokerCredential.secretsManager('core-routers', DeviceCredentialKind.SSH, new Secret(stack, 'CoreRouters'))],
    audit,
    environment: 'staging',
    alarmTopic: alarmTopic(stack),
    ...brokerProps,
  });
  return { stack, network, broker, audit };
}

/** Workers beside a broker. */
export function poolIn({ stack, network, broker, audit }: PoolGround, overrides: Partial<WorkerPoolProps> = {}, id = 'Workers'): WorkerPool {
  return new WorkerPool(stack, id, {
    broker,
    network,
    audit,
    image: CoreImage.fromUri(`111122223333.dkr.ecr.eu-central-1.amazonaws.com/worker@${DIGEST}`),
    healthCheckCommand: ['CMD', 'python', '/app/health.py'],
    alarmTopic: alarmTopic(stack),
    ...overrides,
  });
}
