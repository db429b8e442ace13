import type { Stack } from 'aws-cdk-lib';
import type { GateConfiguration } from '../../../src/gate/contract';
import { STATIC_REASON, STATIC_TOKEN } from '../../../src/profiles/nodetool/contract';
import type { ProfileName } from '../../../src/profiles/variables/variable';
import { profileCases } from '../../support/configured-cases';
import { configured, GATE, gateTask, rawGateTask, withHole, withIdentity } from '../../support/gated';
import { deployTimeValue } from '../../support/load-balancing';
import { listsOf, metadataOf, rightTask, secretNamed, toldOtherwise, without } from '../../support/profiled-task';
import { describeRule, type RuleCases } from '../../support/rule-cases';
import { rotation, secret } from '../../support/written';

describeRule('CFG-1.env', profileCases({
  profile: 'nodetool',
  violating: {
    'a stage in the place of production': [{ ENV: 'staging' }, /^container Core: ENV has to be "production"$/, 'error'],
    'a short word': [{ ENV: 'prod' }, /ENV has to be/],
    'another spelling': [{ ENV: 'Production' }, /ENV has to be/],
    'no word at all': [{ ENV: undefined }, /ENV is not there/],
  },
  open: 'ENV',
  notApplicable: { 'another document\'s program': (stack) => { profiled(stack, 'tom', { ENV: 'test' }); } },
}));

describeRule('CFG-2.debug-and-level', profileCases({
  profile: 'nodetool',
  compliant: { 'warnings alone': { LOG_LEVEL: 'WARNING' } },
  violating: {
    'debugging': [{ DEBUG: 'true' }, /^container Core: DEBUG has to be "false"$/, 'error'],
    'debugging in another word': [{ DEBUG: '1' }, /DEBUG has to be/],
    'every detail': [{ LOG_LEVEL: 'DEBUG' }, /LOG_LEVEL has to be "INFO" or "WARNING"/, 'error'],
    'less than the document asks for': [{ LOG_LEVEL: 'ERROR' }, /LOG_LEVEL is none of INFO, WARNING/, 'warning'],
    'no level': [{ LOG_LEVEL: undefined }, /LOG_LEVEL is not there/, 'error'],
  },
  open: 'LOG_LEVEL',
}));

const AUTH = profileCases({
  profile: 'tgefd',
  violating: {
    'keys of its own': [{ TGEFD_AUTH_MODE: 'api_key' }, /^container Core: TGEFD_AUTH_MODE has to be "jwt" or "mtls"$/, 'error'],
    'another spelling': [{ TGEFD_AUTH_MODE: 'JWT' }, /TGEFD_AUTH_MODE has to be/],
    'nothing': [{ TGEFD_AUTH_MODE: '' }, /TGEFD_AUTH_MODE has to be/],
    'no mode': [{ TGEFD_AUTH_MODE: undefined }, /TGEFD_AUTH_MODE is not there/],
  },
  open: 'TGEFD_AUTH_MODE',
  notApplicable: { 'a program that has no mode': (stack) => { profiled(stack, 'cortex', { AUTH_PROVIDER: 'none' }); } },
});

describeRule('CFG-3.auth-mode', {
  ...AUTH,
  violating: {
    ...AUTH.violating,
    'a provider of a developer\'s machine': { build: (stack) => profiled(stack, 'nodetool', { AUTH_PROVIDER: 'local' }), message: /AUTH_PROVIDER has to be "supabase" or "static"/ },
    'a program that asks nobody': { build: (stack) => profiled(stack, 'tom', { TOM_CORE_AUTH_MODE: 'none' }), message: /TOM_CORE_AUTH_MODE has to be "api_key"/ },
  },
  undecidable: {
    ...AUTH.undecidable,
    'a mode from a secret store': (stack) => {
      const { environment } = without(rightTask('tgefd'), 'TGEFD_AUTH_MODE');
      marked(rawGateTask(stack, GATE, {}, listsOf({ environment, secrets: ['TGEFD_AUTH_MODE'] })), 'tgefd');
    },
  },
});

type Otherwise = Readonly<Record<string, string>>;

function marked<T extends { addMetadata(key: string, value: unknown): void }>(resource: T, profile: ProfileName, choices: readonly string[] = []): T {
  for (const [key, value] of Object.entries(metadataOf(profile, { choices }))) resource.addMetadata(key, value);
  return resource;
}

const listsLike = (profile: ProfileName, otherwise: Otherwise) => listsOf(Object.entries(otherwise).reduce((told, [name, value]) => toldOtherwise(told, name, value), rightTask(profile)));

/** A gate and the program of a profile behind it. */
function profiled(stack: Stack, profile: ProfileName, otherwise: Otherwise, changes: Partial<GateConfiguration> | string = {}): ReturnType<typeof gateTask> {
  const { Environment, Secrets } = listsLike(profile, otherwise);
  return marked(gateTask(stack, typeof changes === 'string' ? changes : configured(changes), {
    environment: Environment.map(({ Name: name, Value: value }) => ({ name, value })), secrets: Secrets.map(({ Name: name, ValueFrom: valueFrom }) => ({ name, valueFrom })),
  }), profile);
}

const TOKENS = withIdentity({ accept: [['token']] });
const CERTIFICATES = withIdentity({ accept: [['certificate'], ['certificate', 'token']] });
const GATE_OF_TASK = 'ContainerDefinitions.0.Environment.0.Value';

describeRule('CFG-3.listener-mode', {
  compliant: {
    'tokens for a program that reads them': (stack) => profiled(stack, 'tgefd', {}, TOKENS),
    'a token beside a certificate': (stack) => profiled(stack, 'tgefd', {}, withIdentity({ accept: [['certificate', 'token']] })),
    'certificates for a program that believes them': (stack) => profiled(stack, 'tgefd', { TGEFD_AUTH_MODE: 'mtls' }, CERTIFICATES),
  },
  violating: {
    'tokens alone for a program that believes certificates': {
      build: (stack) => profiled(stack, 'tgefd', { TGEFD_AUTH_MODE: 'mtls' }, TOKENS), message: /^TGEFD_AUTH_MODE is mtls, and container Gate lets callers in without a certificate$/, severity: 'error',
    },
    'keys in the place of tokens': { build: (stack) => profiled(stack, 'tgefd', {}, withIdentity({ accept: [['token'], ['key']] })), message: /without a token/ },
    'a gate that takes nothing': { build: (stack) => profiled(stack, 'tgefd', {}, withIdentity({ accept: [] })), message: /without a token/ },
  },
  override: { build: (stack) => profiled(stack, 'tgefd', {}, TOKENS).addPropertyOverride(GATE_OF_TASK, configured(CERTIFICATES)), message: /is jwt, and container Gate/ },
  raw: { build: (stack) => marked(rawGateTask(stack, { ...GATE, ...CERTIFICATES }, {}, listsLike('tgefd', {})), 'tgefd'), message: /without a token/ },
  undecidable: {
    'a proof that only a deployment knows': (stack) => profiled(stack, 'tgefd', {}, withHole('"accept":[["token"]', `"accept":[["${deployTimeValue(stack)}"]`)),
    'a configuration that only a deployment knows': (stack) => profiled(stack, 'tgefd', {}, deployTimeValue(stack)),
  },
  notApplicable: {
    'a program without a gate': (stack) => marked(rawGateTask(stack, GATE), 'nodetool'),
    'a mode that another rule refuses': (stack) => { profiled(stack, 'tgefd', { TGEFD_AUTH_MODE: 'api_key' }); },
  },
});

const CHOICES = [`${STATIC_TOKEN}NODETOOL_TOKEN`, `${STATIC_REASON}Only the Platform calls it.`];
const STATIC = { AUTH_PROVIDER: 'static' };

/** A program with one token for everybody, from a secret of the template. */
function fixed(stack: Stack, { changes = TOKENS, choices = CHOICES, isRotated = true, valueFrom }: {
  readonly changes?: Partial<GateConfiguration>; readonly choices?: readonly string[]; readonly isRotated?: boolean; readonly valueFrom?: string;
} = {}): ReturnType<typeof gateTask> {
  const kept = secret(stack);
  if (isRotated) rotation(stack, kept.ref);
  const { Environment, Secrets } = listsLike('nodetool', STATIC);
  const secrets = [...Secrets.map(({ Name: name, ValueFrom: from }) => ({ name, valueFrom: from })), { name: 'NODETOOL_TOKEN', valueFrom: valueFrom ?? kept.ref }];
  return marked(gateTask(stack, configured(changes), { environment: Environment.map(({ Name: name, Value: value }) => ({ name, value })), secrets }), 'nodetool', choices);
}

const CASES: RuleCases = {
  compliant: {
    'a token that is renewed, behind a gate': (stack) => fixed(stack),
    'behind certificates': (stack) => fixed(stack, { changes: CERTIFICATES }),
    'a token of another template': (stack) => fixed(stack, { valueFrom: secretNamed('TOKEN') }),
  },
  violating: {
    'no gate': { build: (stack) => marked(rawGateTask(stack, GATE, { ContainerDefinitions: [{ Name: 'Core', ...listsLike('nodetool', STATIC) }] }), 'nodetool', CHOICES), message: /no gate in the task asks who calls/, severity: 'error' },
    'a gate that takes keys': { build: (stack) => fixed(stack, { changes: withIdentity({ accept: [['token'], ['key']] }) }), message: /lets callers in with neither a token nor a certificate/ },
    'no reason': { build: (stack) => fixed(stack, { choices: CHOICES.slice(0, 1) }), message: /gives no reason/ },
    'a blank reason': { build: (stack) => fixed(stack, { choices: [...CHOICES.slice(0, 1), `${STATIC_REASON}  `] }), message: /gives no reason/ },
    'a token of no name': { build: (stack) => fixed(stack, { choices: CHOICES.slice(1) }), message: /does not say which variable holds the token/ },
    'a token in plain sight': { build: (stack) => fixed(stack, { choices: [`${STATIC_TOKEN}ENV`, ...CHOICES.slice(1)] }), message: /has its one token, ENV, from no secret store/ },
    'a token that stays': { build: (stack) => fixed(stack, { isRotated: false }), message: /takes NODETOOL_TOKEN from Key, which nothing renews/ },
  },
  override: { build: (stack) => fixed(stack).addPropertyOverride(GATE_OF_TASK, configured(withIdentity({ accept: [['key']] }))), message: /neither a token nor a certificate/ },
  raw: { build: (stack) => marked(rawGateTask(stack, { ...GATE, ...withIdentity({ accept: [['key']] }) }, {}, listsLike('nodetool', STATIC)), 'nodetool', CHOICES), message: /neither a token nor a certificate/ },
  undecidable: {
    'a schedule of what only a deployment knows': (stack) => {
      fixed(stack, { isRotated: false });
      rotation(stack, deployTimeValue(stack));
    },
  },
  notApplicable: { 'callers whom Supabase knows': (stack) => { profiled(stack, 'nodetool', {}); } },
};

describeRule('CFG-3.static-behind-edge', CASES);
