import { GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { credentialIn, namesSecret, saysNothing } from '../../../secrets/secret-shapes';
import { defineKeepingAttack, resourcesIn } from '../attack';
import { partsOf, secretArn, textsOf, valueOf } from '../reading';
import { ENVIRONMENT_HOLDS_KEY, SECRETS_WRITTEN_OUT } from '../saboteurs';
import { FUNCTION, SECRET, TASK_DEFINITION } from '../types';

const PROGRAMS = [TASK_DEFINITION, FUNCTION];

/** What is deployed is read by far more people than may read a secret. */
export const VISIBLE_ATTACKS = [
  defineKeepingAttack('SEC-1', 'described', {
    tries: 'Describes the program and looks for credentials among its variables, commands, labels and log options, by name and by shape',
    expects: 'None of them is one.',
    evidence: 'template-intent',
    needs: 'task definition or function',
    targets: (model) => resourcesIn(model, PROGRAMS),
    run: async (target, scene) => {
      const texts = await textsOf(scene, scene.now(target));
      const found = texts.find(({ name, text }) => credentialIn(text) === 'written' || (namesSecret(name) && !saysNothing(text)));
      scene.note(`${texts.length} texts were read.`);
      return found ? { verdict: 'succeeded', saw: `${found.name} is a credential, or called one, and anybody who may describe it reads it.` }
        : { verdict: 'withstood', saw: `None of ${texts.length} texts is a credential.` };
    },
    saboteurs: [ENVIRONMENT_HOLDS_KEY],
  }),
  defineKeepingAttack('SEC-1', 'value-deployed', {
    tries: 'Looks for the value of the secret in the deployed template, in every task definition and in every function',
    expects: 'It is in none of them.',
    evidence: 'template-intent',
    needs: 'secret',
    targets: (model) => resourcesIn(model, [SECRET]),
    run: async (target, scene) => {
      const secret = scene.now(target);
      const parts = partsOf(await valueOf(scene.aws, secretArn(scene, secret)) ?? '');
      const { TemplateBody: template = '' } = await scene.aws.cloudFormation.send(new GetTemplateCommand({ StackName: scene.stackOf(secret) }));
      const programs = PROGRAMS.flatMap((type) => scene.graph.ofType(type));
      const texts = [template];
      for (const program of programs) texts.push(...(await textsOf(scene, program)).map(({ text }) => text));
      const isSeen = parts.some((part) => texts.some((text) => text.includes(part)));
      scene.note(`${parts.length} parts of the value were looked for in ${texts.length} texts.`);
      return isSeen ? { verdict: 'succeeded', saw: 'The value stands in what is deployed.' } : { verdict: 'withstood', saw: `The value is in none of ${texts.length} texts.` };
    },
    saboteurs: [SECRETS_WRITTEN_OUT],
  }),
] as const;
