import { ArnFormat, Aws, Stack, Tags, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { checkKind, checkKinds, having, instance, type Kinds, options } from '../check-kinds';
import { CORE_KINDS } from '../core-kinds';
import { invalidProp } from '../invalid-prop';
import { checkSameRegion } from '../same-region';
import { grantRead } from '../secrets/container-secret';
import { checkSameEnvironment } from '../secrets/secret-environment';
import { AfterCheckout } from './after-checkout';
import type { CredentialOptions, ParameterCredentialOptions } from './broker-credential';
import { credentialOf, DEVICE_CREDENTIAL_TAG, type WrittenCredential } from './contract';
import type { DeviceCredentialKind } from './device-credential-kind';
import type { DeviceCredentialName } from './forms/contract';

/** What a credential is, wherever it is kept. */
export interface NamedCredential {
  readonly id: string;
  readonly kind: DeviceCredentialKind;
}

/** Where the value of a credential is. */
export interface CredentialStore {
  /** What is watched for reads past the broker; nothing where nobody can tell of them. */
  readonly secret?: secretsmanager.ISecret;
  /** What changes it once its last lease has ended. */
  readonly after?: AfterCheckout;
  /** Refuses what the broker could not read. @param prop by which the credential was named */
  readonly check: (broker: Construct, prop: string) => void;
  /** Lets the broker read it. @returns what it is told of it */
  readonly bind: (broker: Construct, reader: iam.IRole, credential: NamedCredential) => WrittenCredential;
}

/** Names of kinds, as configurations and names of secrets have them. */
export const KIND_NAMES: Readonly<Record<DeviceCredentialKind, DeviceCredentialName>> = { SSH: 'ssh', SNMP: 'snmp', API_KEY: 'api_key' };

/** What comes before the name in the ARN of a secret of this account and region. */
export function secretArnsOf(broker: Construct): string {
  return Stack.of(broker).formatArn({ service: 'secretsmanager', resource: 'secret', resourceName: '', arnFormat: ArnFormat.COLON_RESOURCE_NAME });
}

/** A secret as the broker is told it: by its name where it is of this account and region, and by its whole ARN elsewhere. */
export function writtenSecret(broker: Construct, { env, secretArn }: secretsmanager.ISecret): string {
  const stack = Stack.of(broker);
  if (env.account !== stack.account || env.region !== stack.region) return secretArn;
  return stack.splitArn(secretArn, ArnFormat.COLON_RESOURCE_NAME).resourceName ?? secretArn;
}

const OPTIONS = options('Name options of the credential, or leave them out.');
const SECRET = having('secretArn', 'Name a secret of AWS Secrets Manager, such as Secret.fromSecretNameV2(…): its value stands nowhere else.');
const SECRET_KINDS: Kinds<CredentialOptions> = { after: instance(AfterCheckout, 'Name AfterCheckout.keep() or AfterCheckout.rotate(…), or leave it out.') };
const PARAMETER = having('parameterName', 'Name a SecureString, such as StringParameter.fromSecureStringParameterAttributes(…).');
const PARAMETER_KINDS: Kinds<ParameterCredentialOptions> = { encryptionKey: CORE_KINDS.encryptionKey };

/** A credential in AWS Secrets Manager. */
export function secretCredential(secret: secretsmanager.ISecret, given: CredentialOptions): CredentialStore {
  // From JavaScript anything may come.
  const after = (given as CredentialOptions | null)?.after ?? AfterCheckout.keep();
  return {
    secret,
    after,
    check: (broker, prop) => {
      checkKind(broker, `${prop}.secret`, secret, SECRET);
      checkKind(broker, `${prop}.options`, given, OPTIONS);
      checkKinds(broker, given, SECRET_KINDS, `${prop}.`);
      after._check(broker, `${prop}.after`);
      checkSameRegion(broker, `${prop}.secret`, secret.env.region);
      checkSameEnvironment(broker, `${prop}.secret`, secret);
    },
    bind: (broker, reader, { id, kind }) => {
      grantRead(secret, reader);
      Tags.of(secret).add(DEVICE_CREDENTIAL_TAG, kind);
      const name = KIND_NAMES[kind];
      const written = writtenSecret(broker, secret);
      if (after._rotation) return { id, kind: name, secret: written, rotates: true };
      return speaksForItself(secret, id, name) ? written : { id, kind: name, secret: written };
    },
  };
}

/** A credential in AWS Systems Manager. */
export function parameterCredential(parameter: ssm.IStringParameter, given: ParameterCredentialOptions): CredentialStore {
  return {
    check: (broker, prop) => {
      checkKind(broker, `${prop}.parameter`, parameter, PARAMETER);
      checkKind(broker, `${prop}.options`, given, OPTIONS);
      checkKinds(broker, given, PARAMETER_KINDS, `${prop}.`);
      checkSameRegion(broker, `${prop}.parameter`, parameter.env.region);
      if (parameter.parameterType === 'SecureString') return;
      throw invalidProp(broker, `${prop}.parameter`, 'of another kind',
        'Name a SecureString that was made by hand, by ssm.StringParameter.fromSecureStringParameterAttributes: the value of any other is readable to everybody who may look at the stack.');
    },
    bind: (_, reader, { id, kind }) => {
      reader.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['ssm:GetParameter'], resources: [parameter.parameterArn] }));
      const { encryptionKey } = given;
      if (encryptionKey) {
        reader.addToPrincipalPolicy(new iam.PolicyStatement({
          actions: ['kms:Decrypt'], resources: [encryptionKey.keyArn], conditions: { StringEquals: { 'kms:ViaService': `ssm.${Aws.REGION}.amazonaws.com` } },
        }));
      }
      return { id, kind: KIND_NAMES[kind], parameter: parameter.parameterName };
    },
  };
}

/** Whether the name of a secret says id and kind already, so that 4 KB have room for more of them. */
function speaksForItself(secret: secretsmanager.ISecret, id: string, kind: DeviceCredentialName): boolean {
  const made = secret.node.defaultChild;
  const name = made instanceof secretsmanager.CfnSecret ? made.name : secret.secretName;
  if (name === undefined || Token.isUnresolved(name)) return false;
  const read = credentialOf('', name);
  return read?.id === id && read.kind === kind;
}
