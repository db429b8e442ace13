import { GetRandomPasswordCommand } from '@aws-sdk/client-secrets-manager';
import type { Resource } from '../../../checks/template/resource';
import { isJsonMap, type JsonMap } from '../../../checks/template/template';
import { passwordOptions } from '../../emulator/completed-by-api';
import { omit } from '../../saboteurs';
import { defineKeepingAttack, resourcesIn } from '../attack';
import { partsOf, secretArn, valueOf } from '../reading';
import { DIGITS_ONLY, PLACEHOLDERS, SHORT_VALUES } from '../saboteurs';
import type { KeepingScene } from '../scene';
import { SECRET } from '../types';

/** NT-41: at least 20 characters. Of letters and digits, that many are worth 119 bits (20 × log2 62). */
const MIN_LENGTH = 20;
const MIN_BITS = 119;
/** The longest that Secrets Manager generates (API, GetRandomPassword); in it every character of the alphabet is there, but for a chance of less than 10^-15. */
const SAMPLE_LENGTH = 4096;

/** What is tried first (NT-84, and the defaults of common images). */
const PLACEHOLDERS_TRIED = [
  'changeme', 'change-me', 'change_me', 'password', 'postgres', 'secret', 'admin', 'default', 'test', 'example', 'shared-secret-key', 'your-secret-here', 'your-api-key', 'placeholder', 'todo', 'xxx',
];

/** Left empty on purpose, for somebody to fill in. */
const isGuess = (value: string): boolean => PLACEHOLDERS_TRIED.includes(value.toLowerCase()) || /^(.)\1*$/.test(value);

export const STRENGTH_ATTACKS = [
  defineKeepingAttack('SEC-4', 'guessed', {
    tries: 'Counts how many guesses a generated value would take, from its length and from the characters that Secrets Manager makes such values of',
    expects: `It has at least ${MIN_LENGTH} characters, and 2^${MIN_BITS} values are as likely.`,
    evidence: 'template-intent',
    needs: 'secret that is generated',
    targets: (model) => resourcesIn(model, [SECRET], (secret) => secret.prop('GenerateSecretString').exists),
    run: async (target, scene) => {
      const secret = scene.now(target);
      const options = generationOf(scene, secret);
      if (options === undefined) return { verdict: 'succeeded', saw: 'Its value is written out in the template.' };
      const length = (await generatedText(scene, secret, options)).length;
      const characters = passwordOptions(omit(options, 'SecretStringTemplate', 'GenerateStringKey'));
      const { RandomPassword: sample = '' } = await scene.aws.secrets.send(new GetRandomPasswordCommand({ ...characters, PasswordLength: SAMPLE_LENGTH }));
      const alphabet = new Set(sample).size;
      const bits = Math.floor(length * Math.log2(Math.max(1, alphabet)));
      const saw = `It has ${length} characters out of ${alphabet}, which is 2^${bits} values.`;
      scene.note(saw);
      return { verdict: length >= MIN_LENGTH && bits >= MIN_BITS ? 'withstood' : 'succeeded', saw };
    },
    saboteurs: [SHORT_VALUES, DIGITS_ONLY],
  }),
  defineKeepingAttack('SEC-4', 'placeholder', {
    tries: `Tries ${PLACEHOLDERS_TRIED.length} placeholders and one character again and again as the value`,
    expects: 'None of them is it.',
    evidence: 'template-intent',
    needs: 'secret',
    targets: (model) => resourcesIn(model, [SECRET]),
    run: async (target, scene) => {
      const value = await valueOf(scene.aws, secretArn(scene, scene.now(target)));
      if (value === undefined || value === '') return { verdict: 'withstood', saw: 'It has no value before somebody puts one, so there is nothing to guess.' };
      const isGuessed = [value, ...partsOf(value)].some(isGuess);
      return isGuessed ? { verdict: 'succeeded', saw: 'One of them is it.' } : { verdict: 'withstood', saw: 'None of them is it.' };
    },
    saboteurs: [PLACEHOLDERS],
  }),
] as const;

function generationOf(scene: KeepingScene, secret: Resource): JsonMap | undefined {
  const options = scene.propertiesOf(secret).GenerateSecretString;
  return isJsonMap(options) ? options : undefined;
}

/** The field that is generated, or all of it. */
async function generatedText(scene: KeepingScene, secret: Resource, { GenerateStringKey: key }: JsonMap): Promise<string> {
  const value = await valueOf(scene.aws, secretArn(scene, secret)) ?? '';
  if (typeof key !== 'string') return value;
  const fields = JSON.parse(value) as JsonMap;
  return String(fields[key] ?? '');
}
