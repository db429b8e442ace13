import { type App, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { AlarmTopic, AuditTrail, BrokerCredential, BrokerPhase, CoreImage, CredentialBroker, DeviceCredentialKind, DevicePort, PrivateNetwork, Recipient, WorkerJoin, WorkerPool } from '../../../src';
import { CERTIFICATE_ARN, ENVIRONMENT } from './place';

/** A broker and its workers, as they are used without a profile. */
export function workers(app: App): void {
  const stack = new Stack(app, 'Workers', { env: ENVIRONMENT });
  const network = new PrivateNetwork(stack, 'Network');
  const alarmTopic = new AlarmTopic(stack, 'Alarms', { recipients: [Recipient.email('oncall@acme.com')] });
  const audit = new AuditTrail(stack, 'Audit', { alarmTopic });
  const broker = new CredentialBroker(stack, 'Broker', {
    network,
    audit,
    alarmTopic,
    environment: 'production',
    ingress: { domainName: 'broker.acme.internal', certificate: Certificate.fromCertificateArn(stack, 'Certificate', CERTIFICATE_ARN) },
    phase: BrokerPhase.perWorkerKeys({ joins: [WorkerJoin.task()] }),
    credentials: [BrokerCredential.secretsManager('core-routers', DeviceCredentialKind.SSH, Secret.fromSecretNameV2(stack, 'CoreRouters', 'production/credentials/core-routers/ssh'))],
  });
  new WorkerPool(stack, 'Pool', {
    broker,
    network,
    audit,
    alarmTopic,
    image: CoreImage.fromEcr(Repository.fromRepositoryName(stack, 'Repository', 'worker'), `sha256:${'cd'.repeat(32)}`),
    healthCheckCommand: ['CMD', 'python', '/app/health.py'],
    devices: [{ cidr: '10.40.0.0/16', ports: [DevicePort.tcp(22)] }],
  });
}
