import { type Stack } from 'aws-cdk-lib';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import type { GateConfiguration } from '../../src/gate/contract';
import { FIRST_CONTAINER, rawTask, task } from './containers';
import { CONFIGURATION, configured, GATE, gateTask, rawGateTask, withHole } from './gated';
import { deployTimeValue } from './load-balancing';
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
