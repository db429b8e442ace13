import { createHash } from 'node:crypto';
import { App, CfnParameter, Fn, SecretValue, Stack, Token } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { remoteCore } from '../support/remote-core';

const TODO = 'Everybody who may describe the task definition reads it: keep the value in a secret store, and name it in container.secrets.';

/** What synthesis says of a variable. */
function said(environment: (stack: Stack) => Record<string, string>): string {
  const app = new App();
  const stack = new Stack(app, 'Test');
  try {
    remoteCore(stack, { container: { environment: environment(stack) } });
    app.synth();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return '';
}

const refusal = (name: string, fault: string): string => `Test/Core/Service: container.environment.${name} is "${fault}". ${TODO}`;

/** Put together here, so that nothing that looks like a key stands in a file. */
const SHAPED = ['sk', 'proj', 'a1b2c3d4e5f6a7b8c9d0e1f2'].join('-');
const RANDOM = createHash('sha256').update('a test').digest('base64url').replaceAll('-', 'x');

describe('A variable that everybody may read', () => {
  test.each([
    ['by its name', 'ADMIN_PASSWORD', 'correct horse', 'called like a secret'],
    ['by a known shape, whatever its name', 'SETTING', SHAPED, 'a text with a credential in it'],
    ['by the password of a URL', 'STORE_URL', `postgresql://core:${RANDOM}@db.internal/core`, 'a text with a credential in it'],
    ['by how random it is', 'SETTING', RANDOM, 'as random as a secret'],
    ['by a reference that is written by hand', 'SETTING', '{{resolve:secretsmanager:core:SecretString:key}}', 'a dynamic reference'],
  ])('is refused %s, and the message does not repeat it', (_, name, value, fault) => {
    expect(said(() => ({ [name]: value }))).toBe(refusal(name, fault));
  });

  test.each([
    ['the value of a secret', (stack: Stack) => new Secret(stack, 'Secret').secretValue.unsafeUnwrap(), 'a dynamic reference'],
    ['a secret by its name', () => SecretValue.secretsManager('core').unsafeUnwrap(), 'a dynamic reference'],
    ['a parameter that is secure', () => SecretValue.ssmSecure('/core/key', '1').unsafeUnwrap(), 'a dynamic reference'],
    ['a parameter that is not shown', (stack: Stack) => new CfnParameter(stack, 'Hidden', { noEcho: true }).valueAsString, 'a parameter with NoEcho'],
    ['one within a text', (stack: Stack) => `x-${new CfnParameter(stack, 'Hidden', { noEcho: true }).valueAsString}`, 'a parameter with NoEcho'],
    ['one within a substitution', (stack: Stack) => Fn.sub(`x-\${${new CfnParameter(stack, 'Hidden', { noEcho: true }).logicalId}}`), 'a parameter with NoEcho'],
    ['a URL whose password is filled in', (stack: Stack) => `redis://:${new CfnParameter(stack, 'Shown').valueAsString}@redis.internal`, 'a text with a credential in it'],
  ])('is refused as %s, which only synthesis sees', (_, value, fault) => {
    expect(said((stack) => ({ SETTING: value(stack) }))).toContain(refusal('SETTING', fault));
  });

  test('is refused by its name where its value is not known', () => {
    expect(said((stack) => ({ ADMIN_PASSWORD: new CfnParameter(stack, 'Shown').valueAsString }))).toContain(refusal('ADMIN_PASSWORD', 'called like a secret'));
  });

  test.each([
    ['LOG_LEVEL', 'info'],
    ['MODEL', 'gpt-4o-mini-2024-07-18'],
    ['JWT_ISSUER', 'https://login.acme.com/'],
    ['AWS_SECRETS_MASTER_KEY_NAME', 'core/master-key'],
    ['USE_TOKEN', 'false'],
    ['ASSET_BUCKET', 'acme-core-assets'],
    ['STORE_URL', 'postgresql://core@db.internal:5432/core?sslmode=verify-full'],
  ])('%s=%s is no secret', (name, value) => {
    expect(said(() => ({ [name]: value }))).toBe('');
  });

  test('is let through as what only a deployment knows, and is no secret', () => {
    expect(said((stack) => ({ REGION: stack.region, STAGE: new CfnParameter(stack, 'Stage').valueAsString, SECRET_ARN: new Secret(stack, 'Secret').secretArn,
      NAME: Token.asString({ Ref: 'Stage' }) }))).toBe('');
  });
});
