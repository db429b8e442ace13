/** What a container is told of a secret: `<ARN of the secret>:<field>:<label>:<version>`, of which the last three may be missing (ECS guide, "Secrets Manager"). */
export interface SecretReference {
  /** The ARN, or the whole text where it has another form. */
  readonly secretId: string;
  /** Empty where none is named, as label and version are. */
  readonly field: string;
  readonly label: string;
  readonly version: string;
}

const REFERENCE = /^(arn:[^:]+:secretsmanager:[^:]*:[^:]*:secret:[^:]+)(?::([^:]*))?(?::([^:]*))?(?::([^:]*))?$/;

export function secretReference(text: string): SecretReference {
  const [, secretId = text, field = '', label = '', version = ''] = REFERENCE.exec(text) ?? [];
  return { secretId, field, label, version };
}
