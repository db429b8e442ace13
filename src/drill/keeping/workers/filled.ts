import { randomBytes } from 'node:crypto';
import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { type BrokerConfiguration, credentialOf, type ConfiguredCredential, secretArnOf } from '../../../broker/contract';
import type { DeviceCredentialName } from '../../../broker/forms/contract';
import { type KeyRing, RING_FIELDS } from '../../../secrets/contract';
import { parsedLine } from '../../json';
import { valueOf } from '../reading';
import type { KeepingScene } from '../scene';
import { ringsOf } from './brokers';

/** A credential with a value that is nowhere else. */
export interface FilledCredential {
  readonly id: string;
  readonly credential: ConfiguredCredential;
  readonly canary: string;
}

const FORMS: Readonly<Record<DeviceCredentialName, (canary: string) => object>> = {
  ssh: (canary) => ({ username: 'operator', password: canary }),
  snmp: (canary) => ({ version: '3', username: 'operator', auth_protocol: 'SHA-256', auth_password: canary, priv_protocol: 'AES', priv_password: `${canary}p` }),
  api_key: (canary) => ({ api_key: canary }),
};

const RANDOM_BYTES = 32;
const fresh = (): string => randomBytes(RANDOM_BYTES).toString('base64url');

/** Puts what people and rotations put in AWS: a value into each credential, and keys into each ring that has none yet. */
export async function filled(scene: KeepingScene, { phase, secretArns, credentials }: BrokerConfiguration): Promise<FilledCredential[]> {
  for (const ring of ringsOf(phase)) await ringIn(scene, secretArnOf(secretArns, ring));
  return Promise.all(credentials.map(async (written) => {
    const credential = credentialOf(secretArns, written);
    if (credential === undefined) throw new Error('the broker is told of a credential that says neither what it is nor whose.');
    const canary = fresh();
    const Value = JSON.stringify(FORMS[credential.kind](canary));
    if (credential.store === 'parameter-store') await scene.aws.ssm.send(new PutParameterCommand({ Name: credential.parameter, Type: 'SecureString', Value, Overwrite: true }));
    else await scene.aws.secrets.send(new PutSecretValueCommand({ SecretId: credential.secretArn, SecretString: Value }));
    return { id: credential.id, credential, canary };
  }));
}

/** The keys of a ring. */
export async function ringIn(scene: KeepingScene, SecretId: string): Promise<KeyRing> {
  const kept = parsedLine(await valueOf(scene.aws, SecretId) ?? '');
  const [current, previous, next] = RING_FIELDS.map((name) => kept?.[name]);
  if (typeof current === 'string' && typeof previous === 'string' && typeof next === 'string') return { current, previous, next };
  const ring: KeyRing = { current: fresh(), previous: fresh(), next: fresh() };
  await scene.aws.secrets.send(new PutSecretValueCommand({ SecretId, SecretString: JSON.stringify(ring) }));
  return ring;
}
