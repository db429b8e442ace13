import { Aws, Stack, Token } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct, IDependable } from 'constructs';
import { nameUser } from './secret-key';

const secretsBehind = new WeakMap<ecs.Secret, ISecret>();
const readers = new WeakMap<ISecret, Set<iam.IRole>>();
const awaited = new WeakMap<ISecret, IDependable>();
const filledByHand = new WeakSet<ISecret>();

/** Says what whoever is given the secret has to wait for: that there is a value which is good for something. */
export function awaitValue(secret: ISecret, ready: IDependable): void {
  awaited.set(secret, ready);
}

/** What has to stand before a container can be given this; nothing where it is not of this app, or has a value from the start. */
export function readinessOf(secret: ISecret | undefined): IDependable | undefined {
  return secret && awaited.get(secret);
}

/** Says that a secret is empty until somebody puts a value into it. */
export function fillByHand(secret: ISecret): void {
  filledByHand.add(secret);
}

/** Whether a secret is empty until somebody puts a value into it. */
export function isFilledByHand(secret: ISecret | undefined): boolean {
  return secret !== undefined && filledByHand.has(secret);
}

/** The roles that were let read a secret here. */
export function readersOf(secret: ISecret): iam.IRole[] {
  return [...readers.get(secret) ?? []];
}

/**
 * Lets somebody use the key of a secret through AWS Secrets Manager and in no other way.
 *
 * By the policy of the role: the CDK would name the role in the key's policy as well, and a key of another stack would then depend on the stack that depends on it.
 * A SecretKey that lets only those use it whom it names does so for roles of its own stack.
 */
export function grantKey(secret: ISecret, grantee: iam.IGrantable, actions: string[], key = secret.encryptionKey): void {
  if (!key) return;
  nameUser(key, grantee);
  iam.Grant.addToPrincipal({
    grantee,
    actions,
    resourceArns: [key.keyArn],
    conditions: { StringEquals: { 'kms:ViaService': `secretsmanager.${Aws.REGION}.amazonaws.com` } },
  });
}

/** Lets somebody read a secret. */
export function grantRead(secret: ISecret, grantee: iam.IGrantable, key = secret.encryptionKey): iam.Grant {
  rememberReader(secret, grantee);
  grantKey(secret, grantee, ['kms:Decrypt'], key);
  // Of one that was brought by name the six characters at the end are not known.
  const arn = secret.secretFullArn ?? `${secret.secretArn}-??????`;
  return iam.Grant.addToPrincipal({ grantee, actions: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'], resourceArns: [arn] });
}

/** Whoever watches the secret is not surprised by this role. */
export function rememberReader(secret: ISecret, { grantPrincipal }: iam.IGrantable): void {
  if (!('roleArn' in grantPrincipal)) return;
  const known = readers.get(secret) ?? new Set<iam.IRole>();
  readers.set(secret, known.add(grantPrincipal as iam.IRole));
}

/**
 * A secret that ECS reads for a container, granted by the policy of the role alone.
 *
 * @param field of a secret that is JSON; all of it where nothing is named
 */
export function containerSecret(secret: ISecret, field?: string, key = secret.encryptionKey): ecs.Secret {
  const { arn, hasField } = ecs.Secret.fromSecretsManager(secret, field);
  const given: ecs.Secret = { arn, ...(hasField !== undefined && { hasField }), grantRead: (grantee) => grantRead(secret, grantee, key) };
  secretsBehind.set(given, secret);
  return given;
}

/** The three fields that may follow an ARN: `:<field of the JSON>:<label>:<version>` (Amazon ECS guide, "Pass Secrets Manager secrets through environment variables"). */
const FIELDS = /(?<=:secret:[^:]*|\}(?!.*:secret:)):[^:}]*:[^:}]*:[^:}]*$/;

/** The end that Secrets Manager gives every ARN; whoever leaves it out names a secret all the same. */
const COMPLETE = /-[A-Za-z0-9]{6}$/;

/** The secret of this app that a container is given, however it was handed over. */
export function madeBehind(scope: Construct, given: ecs.Secret): ISecret | undefined {
  const arn = given.arn.replace(FIELDS, '');
  return secretsBehind.get(given) ?? scope.node.root.node.findAll().find((one): one is Secret => one instanceof Secret && one.secretArn === arn);
}

/**
 * What a container is given from AWS Secrets Manager, as a secret that can be named; nothing where it is a parameter of AWS Systems Manager.
 *
 * @param id of what has to be made for that, in the scope
 */
export function secretBehind(scope: Construct, id: string, given: ecs.Secret): ISecret | undefined {
  const made = madeBehind(scope, given);
  if (made) return made;
  const arn = given.arn.replace(FIELDS, '');
  if (/:ssm:/.test(JSON.stringify(Stack.of(scope).resolve(arn)))) return undefined;
  return Token.isUnresolved(arn) || COMPLETE.test(arn) ? Secret.fromSecretCompleteArn(scope, id, arn) : Secret.fromSecretPartialArn(scope, id, arn);
}
