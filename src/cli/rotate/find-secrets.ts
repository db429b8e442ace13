import { ROTATING_TAG, ROTATION_BY_ISSUER_METADATA, ROTATION_EXEMPT_METADATA, ROTATION_KINDS } from '../../secrets/contract';
import type { StackResource } from '../lockdown/aws';
import { UsageError } from '../usage-error';
import type { DeployedRotation, RotateAws, SecretDescription } from './aws';

const SECRET_TYPE = 'AWS::SecretsManager::Secret';

interface NamedSecret {
  /** The stack's name and the logical id: what it is called in words for people. */
  readonly path: string;
  readonly name: string;
  readonly arn: string;
}

/** A secret that rotates by itself, and so by command as well. */
export interface RotatingSecret extends NamedSecret, DeployedRotation {
  readonly found: SecretDescription;
}

/** A secret that nobody rotates, and why. */
export interface ExemptSecret extends NamedSecret {
  readonly reason: string;
}

export interface FoundSecrets {
  /** In the order in which several are rotated. */
  readonly rotating: readonly RotatingSecret[];
  readonly exempt: readonly ExemptSecret[];
}

/** Every secret of a stack, nested stacks included, told apart by whether it rotates. */
export async function findSecrets(aws: RotateAws, stack: string): Promise<FoundSecrets> {
  const resources = await aws.resourcesOf(stack);
  if (!resources) throw new UsageError(`There is no stack ${stack} in this account and region.`);
  const rotating: RotatingSecret[] = [];
  const exempt: ExemptSecret[] = [];
  // One after the other: a stack has a handful, and Secrets Manager throttles.
  for (const resource of resources.filter(({ type, physicalId }) => type === SECRET_TYPE && physicalId !== '')) {
    const found = await aws.describe(resource.physicalId);
    const { arn, name, tags, isRotated, rotationFunctionArn } = found;
    const described = { path: resource.path, arn, name };
    if (!tags.has(ROTATING_TAG) || !isRotated || rotationFunctionArn === undefined) {
      exempt.push({ ...described, reason: await whyNot(aws, stack, resource, resources, tags.has(ROTATING_TAG)) });
      continue;
    }
    const rotation = await aws.rotationOf(rotationFunctionArn);
    if (rotation) rotating.push({ ...described, ...rotation, found });
    else exempt.push({ ...described, reason: 'its rotation function is none of this library, so that nobody here knows when its rotation is over' });
  }
  return { rotating: rotating.sort((one, other) => orderOf(one) - orderOf(other) || one.path.localeCompare(other.path)), exempt };
}

const orderOf = ({ kind }: DeployedRotation): number => ROTATION_KINDS.indexOf(kind);

async function whyNot(aws: RotateAws, stack: string, { path }: StackResource, resources: readonly StackResource[], isTagged: boolean): Promise<string> {
  if (isTagged) return 'its rotation is turned off in Secrets Manager: deploy the stack again';
  const [parent, logicalId] = [path.slice(0, path.lastIndexOf('/')), path.slice(path.lastIndexOf('/') + 1)];
  const metadata = await aws.metadataOf(resources.find((one) => one.path === parent)?.physicalId ?? stack, logicalId);
  const reason = metadata[ROTATION_EXEMPT_METADATA];
  if (typeof reason === 'string') return reason;
  if (metadata[ROTATION_BY_ISSUER_METADATA] !== undefined) return 'only its issuer can renew it: make a new one there, and put it into the secret';
  return `it has no rotation of this library (no tag ${ROTATING_TAG})`;
}

/** Those that were asked for, by logical id, path, name or ARN; throws where one of them does not rotate, or is not known. */
export function select({ rotating, exempt }: FoundSecrets, wanted: readonly string[], stack: string): readonly RotatingSecret[] {
  const isMeant = (name: string) => (secret: NamedSecret): boolean => [secret.path, secret.path.slice(stack.length + 1), secret.name, secret.arn].includes(name);
  for (const name of wanted) {
    const refused = exempt.find(isMeant(name));
    if (refused) throw new UsageError(`${refused.path} is not rotated: ${refused.reason}. Nothing was changed.`);
    if (!rotating.some(isMeant(name))) throw new UsageError(`Stack ${stack} has no secret ${name}: it has ${rotating.map(({ path }) => path).join(', ') || 'none that rotates'}. Nothing was changed.`);
  }
  return rotating.filter((secret) => wanted.length === 0 || wanted.some((name) => isMeant(name)(secret)));
}
