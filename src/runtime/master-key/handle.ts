import { RotationError } from '../rotation/ports';
import { ensureMasterKey, type MasterKeySecret } from './ensure-master-key';

/** What CloudFormation asks for. */
export interface MasterKeyEvent {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: Readonly<Record<string, unknown>>;
}

export interface MasterKeyParts {
  readonly secretOf: (secretArn: string) => MasterKeySecret;
  readonly randomBytes: (size: number) => Buffer;
}

/** The physical id is the ARN of the secret: another secret is another resource, and the one before is deleted, which does nothing. */
export function physicalIdOf({ RequestType, PhysicalResourceId, ResourceProperties: { SecretArn } }: MasterKeyEvent): string {
  if (RequestType === 'Delete') return PhysicalResourceId ?? '';
  if (typeof SecretArn === 'string' && SecretArn !== '') return SecretArn;
  throw new RotationError('NO_SECRET', 'The custom resource has no property SecretArn.');
}

export async function handle(event: MasterKeyEvent, { secretOf, randomBytes }: MasterKeyParts): Promise<{ readonly physicalId: string; readonly outcome: 'made' | 'kept' }> {
  const physicalId = physicalIdOf(event);
  return { physicalId, outcome: event.RequestType === 'Delete' ? 'kept' : await ensureMasterKey(secretOf(physicalId), randomBytes) };
}
