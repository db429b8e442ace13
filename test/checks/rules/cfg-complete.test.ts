import type { CfnResource, Stack } from 'aws-cdk-lib';
import { PROFILE_METADATA } from '../../../src/profiles/contract';
import { profileCases } from '../../support/configured-cases';
import { rawTask, task } from '../../support/containers';
import { deployTimeValue } from '../../support/load-balancing';
import { CONTAINER, metadataOf } from '../../support/profiled-task';
import { describeRule } from '../../support/rule-cases';

describeRule('CFG-4.complete', profileCases({
  profile: 'nodetool',
  compliant: { 'what the document leaves to the operator': { SENTRY_DSN: undefined, OPENAI_API_KEY: undefined, MEMCACHE_HOST: undefined, MEMCACHE_PORT: undefined } },
  violating: {
    'no Supabase': [{ SUPABASE_URL: undefined }, /^container Core: SUPABASE_URL is not there$/, 'error'],
    'no key of Supabase': [{ SUPABASE_KEY: undefined }, /SUPABASE_KEY is not there/],
    'no master key': [{ AWS_SECRETS_MASTER_KEY_NAME: undefined }, /SECRETS_MASTER_KEY and AWS_SECRETS_MASTER_KEY_NAME are both not there, and one has to be/],
    'half of a login with GitHub': [{ GITHUB_CLIENT_SECRET: undefined }, /belong together, and one is not there/],
  },
}));

describeRule('CFG-7.emitted', profileCases({
  profile: 'tgefd',
  violating: {
    'no list of algorithms': [{ TGEFD_JWT_ALLOWED_ALGS: undefined }, /^container Core: TGEFD_JWT_ALLOWED_ALGS is not there$/, 'error'],
    'no word of roles': [{ TGEFD_RBAC_ENABLED: undefined }, /TGEFD_RBAC_ENABLED is not there/],
  },
  notApplicable: {
    'a program that is safe without being told': (stack) => {
      for (const [key, value] of Object.entries(metadataOf('nodetool'))) rawTask(stack, { Name: CONTAINER, Environment: [] }).addMetadata(key, value);
    },
  },
}));

function naming<T extends CfnResource>(resource: T, metadata: unknown): T {
  resource.addMetadata(PROFILE_METADATA, metadata);
  return resource;
}

const named = (stack: Stack, metadata: unknown) => naming(task(stack, { name: CONTAINER }), metadata);
const NODETOOL = metadataOf('nodetool')[PROFILE_METADATA];

describeRule('CFG-4.profile', {
  compliant: {
    'a profile and its container': (stack) => named(stack, NODETOOL),
    'a profile without choices': (stack) => named(stack, { ...NODETOOL, choices: undefined }),
    'one whose document gives no variables': (stack) => named(stack, metadataOf('remote-core')[PROFILE_METADATA]),
  },
  violating: {
    'a name that no document has': { build: (stack) => named(stack, { ...NODETOOL, name: 'nodtool' }), message: /^names nodtool as its profile, which is none of remote-core, cortex, tgefd, nodetool, tom/, severity: 'error' },
    'a name that every object has': { build: (stack) => named(stack, { ...NODETOOL, name: 'constructor' }), message: /names constructor as its profile/ },
    'no name': { build: (stack) => named(stack, { environment: 'production', container: CONTAINER }), message: /names no profile/ },
    'a text in the place of all': { build: (stack) => named(stack, 'nodetool'), message: /names no profile/ },
    'no environment': { build: (stack) => named(stack, { ...NODETOOL, environment: ' ' }), message: /does not say whose secrets it takes/ },
    'choices that are no texts': { build: (stack) => named(stack, { ...NODETOOL, choices: [{ auth: 'static' }] }), message: /lists no texts as choices/ },
    'another container': { build: (stack) => named(stack, { ...NODETOOL, container: 'Web' }), message: /has no container Web/ },
    'no container': { build: (stack) => named(stack, { ...NODETOOL, container: undefined }), message: /has no container for its profile/ },
  },
  override: { build: (stack) => named(stack, NODETOOL).addPropertyOverride('ContainerDefinitions.0.Name', 'Web'), message: /has no container Core/ },
  raw: { build: (stack) => naming(rawTask(stack, {}), NODETOOL), message: /has no container Core/ },
  undecidable: {
    'a name from a parameter': (stack) => named(stack, { ...NODETOOL, name: deployTimeValue(stack) }),
    'all of it from a parameter': (stack) => named(stack, deployTimeValue(stack)),
    'containers that only a deployment knows': (stack) => named(stack, NODETOOL).addPropertyOverride('ContainerDefinitions', deployTimeValue(stack)),
    'a container whose name only a deployment knows': (stack) => named(stack, NODETOOL).addPropertyOverride('ContainerDefinitions.0.Name', deployTimeValue(stack)),
  },
  notApplicable: { 'a task that names no profile': (stack) => task(stack) },
});
