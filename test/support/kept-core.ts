import type { Stack } from 'aws-cdk-lib';
import {
  AssetBucket, AuditTrail, CallTrail, LlmProvider, MasterKey, PrivateNetwork, ProviderKey, RotatingSecret, type SecureCore, SecretKind, SecureMemcached, SecurePostgres, Size,
} from '../../src';
import { remoteCore } from './remote-core';

/** A Core with every store, every kind of secret that there is and records that stay; its gate has a Redis. */
export function keptCore(stack: Stack): SecureCore {
  const size = Size.STANDARD;
  const network = new PrivateNetwork(stack, 'Network', { ingressReachesInternet: true });
  const postgres = new SecurePostgres(stack, 'Postgres', { network, size });
  const internal = new RotatingSecret(stack, 'Internal', { network, kind: SecretKind.randomValue() });
  const signing = new RotatingSecret(stack, 'Signing', { network, kind: SecretKind.hmacKey() });
  const master = new MasterKey(stack, 'Master', { replicaRegions: [{ region: 'eu-west-1' }] });
  const provider = new ProviderKey(stack, 'Provider', { provider: LlmProvider.OPENAI, environment: 'production' });
  new CallTrail(stack, 'Calls');
  const core = remoteCore(stack, {
    size,
    audit: new AuditTrail(stack, 'Trail'),
    network,
    container: {
      secrets: {
        INTERNAL_VLLM_API_KEY: internal.current,
        TGEFD_JWT_SECRET: signing.current,
        TGEFD_JWT_SECRET_PREVIOUS: signing.previous,
        SECRETS_MASTER_KEY: master.container(),
        [provider.variable]: provider.container(),
      },
    },
    stores: [postgres.addUser('CoreUser', { role: 'core' }), new AssetBucket(stack, 'Assets', { size }), new SecureMemcached(stack, 'Memcached', { network, size })],
  });
  core.service.node.addDependency(master.ready);
  return core;
}
