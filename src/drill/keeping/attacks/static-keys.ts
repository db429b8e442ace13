import { ListAccessKeysCommand, ListUsersCommand } from '@aws-sdk/client-iam';
import { defineKeepingAttack, resourcesIn } from '../attack';
import { isRefusal, taskOf, textsOf, valueOf, withoutField } from '../reading';
import { ACCESS_KEY_ADDED, ACCESS_KEY_TOLD, SECRET_LENT } from '../saboteurs';
import { ACCESS_KEY, TASK_DEFINITION } from '../types';
import { hasSecrets } from './rights';

/** Of users, and of sessions that somebody has written down (IAM guide, "IAM identifiers"). */
const KEY_ID = /(^|[^A-Za-z0-9])(AKIA|ASIA)[A-Z0-9]{16}/;
const KEY_NAME = /(^|_)(S3|AWS)_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)$/;

export const STATIC_KEY_ATTACKS = [
  defineKeepingAttack('SEC-7', 'long-lived-keys', {
    tries: 'Looks for access keys in all that the containers see, secrets included, and for users of the deployment that have one',
    expects: 'There is none: the task has its role.',
    evidence: 'template-intent',
    needs: 'task definition',
    targets: (model) => resourcesIn(model, [TASK_DEFINITION]),
    run: async (target, scene) => {
      const task = scene.now(target);
      const texts = await textsOf(scene, task);
      const { executionRoleArn, containerDefinitions = [] } = await taskOf(scene, task);
      const secrets = containerDefinitions.flatMap((container) => container.secrets ?? []);
      const role = executionRoleArn !== undefined && secrets.length > 0 ? await scene.as(executionRoleArn) : undefined;
      const seen = await Promise.all(secrets.map(async ({ name = '', valueFrom = '' }) => {
        const text = await valueOf(role ?? scene.aws, withoutField(valueFrom)).catch((error: unknown) => {
          if (isRefusal(error)) return undefined;
          throw error;
        });
        return { name, text: text ?? '' };
      }));
      const found = [...texts, ...seen].find(({ name, text }) => KEY_NAME.test(name) || KEY_ID.test(text));
      if (found) return { verdict: 'succeeded', saw: `${found.name} is an access key.` };
      // Where the engine does not make them, the template says that they will be there.
      if (scene.graph.ofType(ACCESS_KEY).length > 0) return { verdict: 'succeeded', saw: 'A user of the deployment is given an access key.' };
      const { Users: users = [] } = await scene.aws.iam.send(new ListUsersCommand({}));
      for (const { UserName } of users) {
        const { AccessKeyMetadata: keys = [] } = await scene.aws.iam.send(new ListAccessKeysCommand({ UserName }));
        if (keys.length > 0) return { verdict: 'succeeded', saw: 'A user of the deployment has an access key.' };
      }
      return { verdict: 'withstood', saw: `No access key in ${texts.length} texts and ${seen.length} secrets, and none of ${users.length} users has one.` };
    },
    saboteurs: [ACCESS_KEY_TOLD, ACCESS_KEY_ADDED],
  }),
  defineKeepingAttack('SEC-6', 'undeclared', {
    tries: 'Looks at which secrets every container is given when its task starts',
    expects: 'Only those that the template declares for it.',
    evidence: 'template-intent',
    needs: 'task definition that is given secrets',
    targets: (model) => resourcesIn(model, [TASK_DEFINITION], hasSecrets),
    run: async (target, scene) => {
      const declared = new Set(target.resource.prop('ContainerDefinitions').items().flatMap((container) => (
        container.get('Secrets').items().map((secret) => `${container.get('Name').text() ?? ''} ${secret.get('Name').text() ?? ''}`)
      )));
      const { containerDefinitions = [] } = await taskOf(scene, scene.now(target));
      const given = containerDefinitions.flatMap(({ name = '', secrets = [] }) => secrets.map((secret) => `${name} ${secret.name ?? ''}`));
      const more = given.find((one) => !declared.has(one));
      return more === undefined
        ? { verdict: 'withstood', saw: `${given.length} are given, all of them declared.` }
        : { verdict: 'succeeded', saw: `Container ${more.replace(' ', ' is given ')}, which it never declared.` };
    },
    saboteurs: [SECRET_LENT],
  }),
] as const;
