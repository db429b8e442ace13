import type { Stack } from 'aws-cdk-lib';
import { rawTask, task } from '../../support/containers';
import { deployTimeValue } from '../../support/load-balancing';
import { metadataOf } from '../../support/profiled-task';
import { describeRule, type RuleCases } from '../../support/rule-cases';
import { ARN } from '../../support/secrets';
import { secret } from '../../support/written';

const OF = (name: string): string => `arn:aws:secretsmanager:eu-central-1:111122223333:secret:${name}-AbCdEf`;
const taking = (...names: readonly string[]): RuleCases['compliant'][string] => (stack) => task(stack, { secrets: names.map((valueFrom, index) => ({ name: `KEY_${index}`, valueFrom })) });
const inEnvironment = (stack: Stack, env: string, from: string) => task(stack, { environment: [{ name: 'ENV', value: env }], secrets: [{ name: 'OPENAI_API_KEY', valueFrom: from }] });

/** Documents have ENV=production in every stage. */
function ofProfile(stack: Stack, environment: string, from: string): void {
  const made = inEnvironment(stack, 'production', from);
  for (const [key, value] of Object.entries(metadataOf('nodetool', { environment }))) made.addMetadata(key, value);
}

describeRule('SEC-6.own-environment', {
  compliant: {
    'secrets of production': taking(OF('production/openai'), OF('prod/hf')),
    'secrets that tell no environment': taking(OF('core/openai'), OF('latest/hf')),
    'what the template makes': (stack) => taking(secret(stack).ref)(stack),
    'the environment that the profile says, whatever the program calls itself': (stack) => { ofProfile(stack, 'staging', OF('staging/openai')); },
    'an environment of a name of its own': (stack) => { ofProfile(stack, 'blue', OF('staging/openai')); },
    'the environment that the container is told': (stack) => { inEnvironment(stack, 'production', OF('prod/openai')); },
  },
  violating: {
    'secrets of two environments': { build: taking(OF('production/openai'), OF('staging/openai')), message: /^container core is one of production and takes KEY_1 from staging/, severity: 'warning' },
    'by the end of the name': { build: taking(OF('openai-dev'), OF('hf-prod')), message: /one of development and takes KEY_1 from production/ },
    'a secret of another environment than the container\'s': { build: (stack) => inEnvironment(stack, 'production', OF('dev/openai')), message: /one of production and takes OPENAI_API_KEY from development/ },
    'a secret of another environment than the profile\'s': { build: (stack) => ofProfile(stack, 'staging', OF('prod/openai')), message: /one of staging and takes OPENAI_API_KEY from production/ },
    'by the name of a secret of the template': { build: (stack) => inEnvironment(stack, 'production', `${secret(stack, { Name: 'test/openai' }).ref}:key::`), message: /from test/ },
  },
  override: { build: (stack) => inEnvironment(stack, 'production', OF('prod/openai')).addPropertyOverride('ContainerDefinitions.0.Secrets.0.ValueFrom', OF('dev/openai')), message: /from development/ },
  raw: { build: (stack) => rawTask(stack, { Secrets: [{ Name: 'A', ValueFrom: OF('prod/a') }, { Name: 'B', ValueFrom: OF('qa/b') }] }), message: /takes B from test/ },
  undecidable: (stack) => taking(deployTimeValue(stack))(stack),
  notApplicable: { 'a container without secrets': (stack) => task(stack) },
});

describeRule('SEC-6.own-values', {
  compliant: {
    'two secrets': taking(OF('core/a'), OF('core/b')),
    'two fields of one': taking(`${OF('core/a')}:user::`, `${OF('core/a')}:password::`),
  },
  violating: {
    'one value for two': { build: taking(ARN, ARN), message: /^container core takes KEY_0 and KEY_1 from one value/, severity: 'warning' },
    'one name twice': { build: (stack) => task(stack, { secrets: [{ name: 'OPENAI_API_KEY', valueFrom: OF('a') }, { name: 'OPENAI_API_KEY', valueFrom: OF('b') }] }), message: /has OPENAI_API_KEY twice/ },
    'one name in both lists': { build: (stack) => task(stack, { environment: [{ name: 'HF_TOKEN', value: 'x' }], secrets: [{ name: 'HF_TOKEN', valueFrom: OF('a') }] }), message: /has HF_TOKEN twice/ },
  },
  override: { build: (stack) => inEnvironment(stack, 'production', ARN).addPropertyOverride('ContainerDefinitions.0.Secrets.1', { Name: 'ZZ_KEY', ValueFrom: ARN }), message: /takes OPENAI_API_KEY and ZZ_KEY from one value/ },
  raw: { build: (stack) => rawTask(stack, { Secrets: [{ Name: 'A', ValueFrom: ARN }, { Name: 'B', ValueFrom: ARN }] }), message: /takes A and B from one value/ },
  undecidable: (stack) => rawTask(stack, { Environment: deployTimeValue(stack), Secrets: [{ Name: 'A', ValueFrom: ARN }] }),
  notApplicable: { 'a container without secrets': (stack) => task(stack) },
});
