import { defineRule, each, expect, fail, NOT_APPLICABLE, type Outcome, PASS } from '../rule';
import type { Property } from '../template/property';
import { containersOf, nameOf, TASK_DEFINITION } from './containers';
import { FUNCTIONS } from './variables';

const accessKeys = defineRule('SEC-7', 'access-keys', {
  appliesTo: ['AWS::IAM::AccessKey'],
  remediation: 'Give the program a role (TaskRoleArn, Role); outside AWS, let it take one by its own identity (OpenID Connect, IAM Roles Anywhere).',
  check(key) {
    const status = key.prop('Status');
    return expect(status.text() === 'Inactive', status, 'is a key that never expires, and works from anywhere for whoever has it');
  },
});

const users = defineRule('SEC-7', 'users', {
  appliesTo: ['AWS::IAM::User'],
  remediation: 'Make it a role that the program takes; people come through IAM Identity Center.',
  check: (user) => expect(user.prop('LoginProfile').get('Password').exists, user.whole, 'is a user who cannot sign in at the console, so a program that has keys of its own: a role has none'),
});

/** Names under which SDKs and S3 clients look for a key that stays (NT-46; AWS SDKs reference, "AWS access keys"). */
const STATIC_KEY = /^(AWS|S3|MINIO|BUCKET|AMAZON|SES|BEDROCK|DYNAMODB|SQS|SNS)_(ACCESS_KEY(_ID)?|SECRET(_ACCESS)?_KEY|SECRET_ACCESS_KEY)$/i;

function noStaticKey(entries: readonly { readonly name: string; readonly at: Property }[], owner: string): readonly Outcome[] {
  const found = entries.filter(({ name }) => STATIC_KEY.test(name));
  return found.length === 0 ? PASS : found.flatMap(({ name, at }) => fail(at, `${owner} is given ${name}: its role has credentials that expire, and no key to lose`));
}

const staticKeys = defineRule('SEC-7', 'static-keys', {
  appliesTo: [TASK_DEFINITION, ...FUNCTIONS, 'AWS::CodeBuild::Project'],
  remediation: 'Take the variables away and give the task or function a role that may use the store.',
  check(resource) {
    if (resource.type === 'AWS::CodeBuild::Project') {
      return noStaticKey(resource.prop('Environment.EnvironmentVariables').items().map((at) => ({ name: at.get('Name').text() ?? '', at })), 'the build project');
    }
    if (resource.type !== TASK_DEFINITION) {
      const variables = resource.prop('Environment.Variables');
      return variables.exists ? noStaticKey(variables.entries().map(([name, at]) => ({ name, at })), 'the function') : NOT_APPLICABLE;
    }
    return each(containersOf(resource), (container) => each(['Environment', 'Secrets'], (list) =>
      noStaticKey(container.get(list).items().map((at) => ({ name: at.get('Name').text() ?? '', at })), nameOf(container))));
  },
});

export const SEC_STATIC_KEY_RULES = [accessKeys, users, staticKeys];
