import { type CfnResource, type Stack } from 'aws-cdk-lib';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import type { GateConfiguration } from '../../src/gate/contract';
import type { ProfileMetadata } from '../../src/profiles/contract';
import type { ProfileName } from '../../src/profiles/variables/variable';
import { FIRST_CONTAINER, rawTask, task } from './containers';
import { CONFIGURATION, configured, GATE, gateTask, rawGateTask, withHole } from './gated';
import { deployTimeValue } from './load-balancing';
import { CONTAINER, listsOf, metadataOf, type ProfiledTask, rightTask, secretNamed, toldOtherwise, without } from './profiled-task';
import { type RuleCases } from './rule-cases';

type Changes = Partial<GateConfiguration>;
type Wrong<T> = readonly [wrong: T, message: RegExp, severity?: 'fatal' | 'error' | 'warning'];

/** A value that is found by what stands before it. */
interface Opening {
  readonly after: string;
  readonly value: string;
  /** What makes the value be there. */
  readonly changes?: Changes;
}

/** The configuration with a hole in it. */
function opened(open: string | Opening, hole: string): string {
  if (typeof open === 'string') return withHole(open, open.replace(/[^"\]]+/, hole));
  const { after, value, changes } = open;
  return withHole(`${after}${value}`, `${after}${hole}`, changes);
}

/** Cases of a rule that reads the configuration of a gate and nothing else. */
interface ConfigurationCases {
  readonly compliant?: Readonly<Record<string, Changes>>;
  readonly violating: Readonly<Record<string, Wrong<Changes>>>;
  /** A text of the configuration that the rule has to know. */
  readonly open: string | Opening;
  readonly notApplicable?: Readonly<Record<string, Changes>>;
}

const mapped = <T, R>(entries: Readonly<Record<string, T>>, map: (entry: T) => R): Record<string, R> => Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, map(entry)]));

export function configurationCases({ compliant = {}, violating, open, notApplicable = {} }: ConfigurationCases): RuleCases {
  const [first] = Object.values(violating);
  if (!first) throw new Error('No case violates the rule.');
  const [wrong, message, severity] = first;
  return {
    compliant: { 'a gate': (stack) => gateTask(stack), ...mapped(compliant, (changes) => (stack: Stack) => gateTask(stack, configured(changes))) },
    violating: mapped(violating, ([changes, text, loudness]) => ({ build: (stack: Stack) => gateTask(stack, configured(changes)), message: text, severity: loudness })),
    override: { build: (stack) => gateTask(stack).addPropertyOverride(CONFIGURATION, configured(wrong)), message, severity },
    raw: { build: (stack) => rawGateTask(stack, { ...GATE, ...wrong }), message },
    undecidable: {
      'a text known at deployment': (stack) => gateTask(stack, opened(open, deployTimeValue(stack))),
      'a configuration known at deployment': (stack) => gateTask(stack, deployTimeValue(stack)),
      'a configuration of another version': (stack) => gateTask(stack, configured({ version: 2 } as unknown as Changes)),
      'a configuration from a secret store': (stack) => gateTask(stack, configured(), {}, {
        environment: [], secrets: [{ name: 'GATE_CONFIGURATION', valueFrom: 'arn:aws:ssm:eu-central-1:111122223333:parameter/gate' }],
      }),
    },
    notApplicable: { 'a task without a gate': (stack) => task(stack), ...mapped(notApplicable, (changes) => (stack: Stack) => gateTask(stack, configured(changes))) },
  };
}

type Variables = Readonly<Record<string, string>>;

/** Cases of a rule that reads variables of programs and nothing else. */
interface VariableCases {
  readonly compliant: Readonly<Record<string, Variables>>;
  readonly violating: Readonly<Record<string, Wrong<Variables>>>;
  /** Variables of which the last one is known to a deployment alone. */
  readonly open: readonly [name: string, others?: Variables];
  readonly notApplicable?: Readonly<Record<string, Variables>>;
}

const listed = (variables: Variables): { name: string; value: string }[] => Object.entries(variables).map(([name, value]) => ({ name, value }));
const withVariables = (stack: Stack, variables: Variables): ReturnType<typeof task> => task(stack, { environment: listed(variables) });

export function variableCases({ compliant, violating, open: [name, others = {}], notApplicable = {} }: VariableCases): RuleCases {
  const [first] = Object.values(violating);
  const [right] = Object.values(compliant);
  if (!first || !right) throw new Error('No case for the rule.');
  const [wrong, message, severity] = first;
  return {
    compliant: {
      ...mapped(compliant, (variables) => (stack: Stack) => withVariables(stack, variables)),
      'the first of them in a function': (stack) => new CfnFunction(stack, 'Function', { role: 'arn', code: { zipFile: '' }, environment: { variables: right } }),
    },
    violating: {
      ...mapped(violating, ([variables, text, loudness]) => ({ build: (stack: Stack) => withVariables(stack, variables), message: text, severity: loudness })),
      'the first of them in a function': {
        build: (stack) => new CfnFunction(stack, 'Function', { role: 'arn', code: { zipFile: '' }, environment: { variables: wrong } }),
        message: new RegExp(message.source.replace(/container \w+/, 'the function')),
      },
    },
    override: {
      build: (stack) => withVariables(stack, right).addPropertyOverride(`${FIRST_CONTAINER}.Environment`, listed(wrong).map(({ name: Name, value: Value }) => ({ Name, Value }))),
      message,
      severity,
    },
    raw: { build: (stack) => rawTask(stack, { Environment: listed(wrong).map(({ name: Name, value: Value }) => ({ Name, Value })) }), message },
    undecidable: (stack) => withVariables(stack, { ...others, [name]: deployTimeValue(stack) }),
    notApplicable: { 'no variables': (stack) => task(stack), ...mapped(notApplicable, (variables) => (stack: Stack) => withVariables(stack, variables)) },
  };
}

/** What a program is told otherwise than rightly; undefined: not at all. */
type Otherwise = Readonly<Record<string, string | undefined>>;

/** Cases of a rule that reads what the program of a profile is told and nothing else. */
interface ProfileCases {
  readonly profile: ProfileName;
  readonly metadata?: Partial<ProfileMetadata>;
  readonly compliant?: Readonly<Record<string, Otherwise>>;
  readonly violating: Readonly<Record<string, Wrong<Otherwise>>>;
  /** A variable that the rule has to know. @default - all that it has to know is which variables there are */
  readonly open?: string;
  readonly notApplicable?: RuleCases['notApplicable'];
}

interface CasesByName extends RuleCases {
  readonly undecidable: RuleCases['compliant'];
}

const toldLike = (profile: ProfileName, otherwise: Otherwise): ProfiledTask => Object.entries(otherwise).reduce<ProfiledTask>(
  (told, [name, value]) => (value === undefined ? without(told, name) : toldOtherwise(told, name, value)), rightTask(profile));

export function profileCases({ profile, metadata = {}, compliant = {}, violating, open, notApplicable = {} }: ProfileCases): CasesByName {
  const [first] = Object.values(violating);
  if (!first) throw new Error('No case violates the rule.');
  const [wrong, message, severity] = first;
  const marked = <T extends CfnResource>(resource: T): T => {
    for (const [key, value] of Object.entries(metadataOf(profile, metadata))) resource.addMetadata(key, value);
    return resource;
  };
  const built = (stack: Stack, otherwise: Otherwise): ReturnType<typeof task> => {
    const { environment, secrets } = toldLike(profile, otherwise);
    return marked(task(stack, { name: CONTAINER, environment: listed(environment), secrets: secrets.map((name) => ({ name, valueFrom: secretNamed(name) })) }));
  };
  return {
    compliant: { 'all that the document names': (stack) => built(stack, {}), ...mapped(compliant, (otherwise) => (stack: Stack) => built(stack, otherwise)) },
    violating: mapped(violating, ([otherwise, text, loudness]) => ({ build: (stack: Stack) => built(stack, otherwise), message: text, severity: loudness })),
    override: {
      build: (stack) => {
        const right = built(stack, {});
        for (const [list, entries] of Object.entries(listsOf(toldLike(profile, wrong)))) right.addPropertyOverride(`${FIRST_CONTAINER}.${list}`, entries);
      },
      message,
      severity,
    },
    raw: { build: (stack) => marked(rawTask(stack, { Name: CONTAINER, ...listsOf(toldLike(profile, wrong)) })), message },
    undecidable: {
      'variables whose names only a deployment knows': (stack) => built(stack, {}).addPropertyOverride(`${FIRST_CONTAINER}.Environment`, deployTimeValue(stack)),
      ...(open !== undefined && { 'a value of the deployment': (stack: Stack) => built(stack, { [open]: deployTimeValue(stack) }) }),
    },
    notApplicable: {
      'a task that names no profile': (stack) => rawTask(stack, { Name: CONTAINER, ...listsOf(toldLike(profile, wrong)) }),
      'a program that no document gives variables': (stack) => {
        const raw = rawTask(stack, { Name: CONTAINER, ...listsOf(toldLike(profile, wrong)) });
        for (const [key, value] of Object.entries(metadataOf('remote-core'))) raw.addMetadata(key, value);
      },
      ...notApplicable,
    },
  };
}
