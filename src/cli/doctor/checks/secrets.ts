import { ROTATING_TAG } from '../../../secrets/contract';
import { secretReference } from '../../secret-reference';
import type { ExaminedSecret } from '../aws';
import { type Check, examine, forEach, OK, okIf, type Result, wrong } from '../examine';
import { ofType, running, type Ward } from '../ward';

/** A rotation has a window, and Secrets Manager tries again (user guide, "Rotation schedules"). */
const LATE_MS = 2 * 24 * 60 * 60 * 1000;

export const secretChecks = (now: Date): readonly Check<ExaminedSecret>[] => [
  {
    item: 'secrets.filled',
    judge: ({ VersionIdsToStages = {}, DeletedDate }) => (
      DeletedDate === undefined ? okIf(Object.values(VersionIdsToStages).flat().includes('AWSCURRENT'), 'has no value') : wrong('is deleted, and answers nobody')),
  },
  { item: 'secrets.rotation', judge: (secret) => (isRotating(secret) ? okIf(secret.RotationEnabled === true, 'is to rotate, and does not') : undefined) },
  {
    item: 'secrets.in-time',
    judge: ({ RotationEnabled, NextRotationDate: next }) => (
      RotationEnabled !== true || next === undefined ? undefined : okIf(now.getTime() - next.getTime() < LATE_MS, `was to be rotated at ${next.toISOString()}`)),
  },
  {
    item: 'secrets.copies',
    judge: ({ ReplicationStatus = [] }) => {
      if (ReplicationStatus.length === 0) return undefined;
      const behind = ReplicationStatus.filter(({ Status }) => Status !== 'InSync').map(({ Region = '' }) => Region);
      return behind.length === 0 ? OK : wrong(`is not the same in ${behind.join(', ')}`);
    },
  },
];

const isRotating = ({ Tags = [] }: ExaminedSecret): boolean => Tags.some(({ Key }) => Key === ROTATING_TAG);

/** Those of the stack, and those of others that its containers are told of. */
export function examineSecrets(ward: Ward): Promise<readonly Result[]> {
  const { aws, now } = ward;
  const own = ofType(ward, 'AWS::SecretsManager::Secret').map(({ path, physicalId }) => ({ path, id: physicalId }));
  const told = running(ward).flatMap(({ service }) => service.containers).flatMap(({ secrets }) => [...secrets.values()])
    .filter((reference) => reference.includes(':secretsmanager:')).map((reference) => secretReference(reference).secretId);
  const others = [...new Set(told)].filter((id) => !own.some((secret) => id === secret.id || nameIn(id) === secret.id));
  return forEach([...own, ...others.map((id) => ({ path: id, id }))], ({ path, id }) => examine(path, () => aws.secretOf(id), secretChecks(now)));
}

/** Behind the name, an ARN has six characters of Secrets Manager's own. */
const nameIn = (arn: string): string | undefined => /:secret:(.+)-\w{6}$/.exec(arn)?.[1];
