import type { Stack } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { BrokerCredential } from '../../src/broker/broker-credential';
import { BrokerPhase } from '../../src/broker/broker-phase';
import { CredentialBroker } from '../../src/broker/credential-broker';
import { DeviceCredentialKind } from '../../src/broker/device-credential-kind';
import { WorkerJoin } from '../../src/broker/worker-join';
import { Size } from '../../src/size';
import { certificate } from './remote-core';
import { type PoolGround, poolGround, poolIn } from './worker-pool';

const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/**
 * Brokers of every phase, each with workers: one gives each worker a key of its own, one is on its way there, and of one all workers share a key. The first has
 * credentials of every kind and store.
 */
export function workerFleet(stack: Stack): PoolGround {
  const secret = (id: string, kind: string): Secret => new Secret(stack, `Credential-${id}`, { secretName: `staging/credentials/${id}/${kind}` });
  const portal = StringParameter.fromSecureStringParameterAttributes(stack, 'Portal', { parameterName: '/staging/portal' });
  const ground = poolGround({
    stack,
    broker: {
      phase: BrokerPhase.perWorkerKeys({ joins: [WorkerJoin.token(), WorkerJoin.task()] }),
      size: Size.STANDARD,
      credentials: [
        BrokerCredential.secretsManager('core-router', DeviceCredentialKind.SSH, secret('core-router', 'ssh')),
        BrokerCredential.secretsManager('switch', DeviceCredentialKind.SNMP, secret('switch', 'snmp')),
        BrokerCredential.parameterStore('portal', DeviceCredentialKind.API_KEY, portal),
      ],
    },
  });
  poolIn(ground, { size: Size.STANDARD });
  const { network, audit } = ground;
  Object.entries({ Moving: BrokerPhase.migration({ until: inDays(30) }), Sharing: BrokerPhase.sharedKey() }).forEach(([id, phase]) => {
    const name = id.toLowerCase();
    const broker = new CredentialBroker(stack, id, {
      network,
      audit,
      phase,
      ingress: { domainName: `${name}.acme.internal`, certificate: certificate(new Construct(stack, `${id}Name`)) },
      credentials: [BrokerCredential.secretsManager(name, DeviceCredentialKind.SSH, secret(name, 'ssh'))],
      environment: 'staging',
      size: Size.STANDARD,
    });
    poolIn({ ...ground, broker }, { size: Size.STANDARD }, `${id}Workers`);
  });
  return ground;
}
