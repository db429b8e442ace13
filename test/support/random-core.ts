import { App, Stack } from 'aws-cdk-lib';
import { CfnTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import fc from 'fast-check';
import { ProfiledCore, type ProfiledCoreProps, SecureCoreChecks } from '../../src';
import { VARIABLES } from '../../src/profiles/variables';
import { type Made, Site, TALLY } from './draws/draw';
import { someProps } from './draws/profiled-core';
import { ACCOUNT, REGION } from './draws/values';

/** What became of a configuration: the first is right, the second is one of our own refusals, and everything else is a fault. */
export type Outcome = { readonly kind: 'built' } | { readonly kind: 'refused'; readonly says: string } | { readonly kind: 'fault'; readonly says: string };

/** The one shape of a refusal: where it is, which prop, what it got, and what to do. Classes that are no constructs know no place. */
const REFUSAL = /^(\S+: )?[A-Za-z][\w.[\]()/= ,*-]* (is|are) .+\. \S.+/s;

/** Faults of which a reader of a rule would have to decide are none of a construct's. */
const WRONG: readonly string[] = ['error', 'fatal'];

for (const { name, emission } of VARIABLES) if (emission !== 'never') TALLY.expect(`variable ${name}`);

/** What the containers of a stack are told, by name. */
function toldIn(stack: Stack): readonly string[] {
  const tasks = stack.node.findAll().filter((one) => one instanceof CfnTaskDefinition);
  const containers = tasks.flatMap((task) => stack.resolve(task.containerDefinitions) as { environment?: { name: string }[]; secrets?: { name: string }[] }[]);
  return containers.flatMap(({ environment = [], secrets = [] }) => [...environment, ...secrets].map(({ name }) => name));
}

/** The table says which variables are never written (M-01, CFG-6). */
function neverWritten(told: readonly string[]): string | undefined {
  return VARIABLES.find(({ name, emission }) => emission === 'never' && told.includes(name))?.name;
}

export function outcomeOf(drawn: Made<ProfiledCoreProps>): Outcome {
  const app = new App({ context: { '@aws-cdk/core:newStyleStackSynthesis': true } });
  const stack = new Stack(app, 'Random', { env: { account: ACCOUNT, region: REGION } });
  try {
    new ProfiledCore(stack, 'Core', drawn.make(new Site(stack)));
  } catch (error) {
    const says = error instanceof Error ? error.message : String(error);
    const isRefusal = REFUSAL.test(says) && error instanceof Error && error.constructor === Error;
    return isRefusal ? { kind: 'refused', says } : { kind: 'fault', says: `crashed: ${error instanceof Error ? error.stack ?? says : says}` };
  }
  try {
    const told = toldIn(stack);
    for (const name of new Set(told)) if (VARIABLES.some((variable) => variable.name === name)) TALLY.count(`variable ${name}`);
    const never = neverWritten(told);
    if (never !== undefined) return { kind: 'fault', says: `a container is told ${never}, which no profile writes` };
    const wrong = new SecureCoreChecks(app).validateScope().violations.filter(({ severity }) => WRONG.includes(severity ?? ''));
    const said = wrong.map(({ ruleName, description, violatingResources: [first] }) => `${ruleName} ${first?.constructPath ?? ''} ${description}`);
    return said.length > 0 ? { kind: 'fault', says: `the pack finds ${said.join('; ')}` } : { kind: 'built' };
  } catch (error) {
    return { kind: 'fault', says: `cannot be synthesized: ${error instanceof Error ? error.stack ?? error.message : String(error)}` };
  }
}

export interface Runs {
  readonly built: number;
  readonly refusals: ReadonlyMap<string, number>;
  readonly faults: readonly { readonly says: string; readonly shown: unknown }[];
}

/** Configurations of one seed. */
export function* configurations(runs: number, seed: number): Generator<Made<ProfiledCoreProps>> {
  yield* fc.sample(someProps, { numRuns: runs, seed });
}

/** Looks at each; `each` is called after every one, so that who waits sees it. */
export function runAll(runs: number, seed: number, each: (outcome: Outcome, index: number) => void = () => undefined): Runs {
  let built = 0;
  const refusals = new Map<string, number>();
  const faults: { says: string; shown: unknown }[] = [];
  let index = 0;
  for (const drawn of configurations(runs, seed)) {
    const outcome = outcomeOf(drawn);
    if (outcome.kind === 'built') built += 1;
    else if (outcome.kind === 'refused') refusals.set(outcome.says, (refusals.get(outcome.says) ?? 0) + 1);
    else faults.push({ says: outcome.says, shown: drawn.shown });
    each(outcome, index);
    index += 1;
  }
  return { built, refusals, faults };
}
