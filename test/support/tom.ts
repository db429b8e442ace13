import { Secret as ContainerSecret } from 'aws-cdk-lib/aws-ecs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Authorizer } from '../../src/authorizer/authorizer';
import { DeviceCredentialKind } from '../../src/broker/device-credential-kind';
import type { DeviceCredentialProps } from '../../src/broker/device-credentials-props';
import { DevicePort } from '../../src/broker/device-network';
import { CoreImage } from '../../src/core/core-image';
import { Access } from '../../src/gate/access';
import { Route } from '../../src/ingress/route';
import { Profile } from '../../src/profiles/profile';
import type { TomBrokerProps, TomProfileProps, TomWorkersProps } from '../../src/profiles/tom/tom-props';
import type { MakeProfile } from './profiled-core';
import { certificate, DIGEST, JWT } from './remote-core';

export const ROUTES = [Route.subtree('/api/device', { access: Access.scope('device') }), Route.get('/api/job', { access: Access.scope('job') })];

/** Callers' keys, which are there already. */
export const apiKeysOf = (stack: Stack, environment: string): ContainerSecret =>
  ContainerSecret.fromSecretsManager(Secret.fromSecretNameV2(stack, `ApiKeys-${environment}`, `${environment}/tom-api-keys`));

/** Tom without workers, with whatever a test lays over it. */
export const tom = (overrides: Partial<TomProfileProps> = {}): MakeProfile => (stack) => Profile.tom({
  apiKeys: overrides.apiKeys ?? apiKeysOf(stack, 'production'),
  edge: Authorizer.jwt(JWT),
  routes: ROUTES,
  ...overrides,
});

export const CREDENTIALS: [DeviceCredentialProps, DeviceCredentialProps] = [{ id: 'core-routers', kind: DeviceCredentialKind.SSH }, { id: 'access.switches', kind: DeviceCredentialKind.SNMP }];

export const brokerOf = (stack: Stack, overrides: Partial<TomBrokerProps> = {}): TomBrokerProps => ({
  ingress: { domainName: 'Broker.acme.internal', certificate: certificate(new Construct(stack, 'OfBroker')) }, ...overrides,
});

/** Workers that log in to a few devices. */
export const WORKERS: TomWorkersProps = {
  image: CoreImage.fromUri(`111122223333.dkr.ecr.eu-central-1.amazonaws.com/worker@${DIGEST}`),
  healthCheckCommand: ['CMD', 'python', '/app/health.py'],
  devices: [{ cidr: '10.40.0.0/16', ports: [DevicePort.tcp(22), DevicePort.udp(161)] }],
};

/** Tom with credentials and the broker that gives them out. */
export const brokered = (overrides: Partial<TomProfileProps> = {}, broker: Partial<TomBrokerProps> = {}): MakeProfile => (stack) =>
  tom({ credentials: CREDENTIALS, broker: brokerOf(stack, broker), ...overrides })(stack);
