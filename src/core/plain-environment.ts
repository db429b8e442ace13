import { CfnParameter, Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { invalidProp } from '../invalid-prop';
import { credentialIn, looksRandom, namesSecret, saysNothing } from '../secrets/secret-shapes';

/** What CloudFormation replaces by a value while it deploys, and then shows in the task definition (C-11, M-21). */
const RESOLVED = '{{resolve:';

const READ_BY_ALL = 'Everybody who may describe the task definition reads it:';

/**
 * Refuses variables in plain sight that hold a secret (SEC-1): by what they are called, by what they look like, and by where they come from.
 *
 * What only synthesis knows is judged there. No message repeats a value.
 *
 * @param prop where they stand
 * @param todo with a value that is secret
 */
export function checkPlainEnvironment(
  scope: Construct, environment: { readonly [name: string]: string }, prop = 'container.environment', todo = 'keep the value in a secret store, and name it in container.secrets.',
): void {
  const refusal = (name: string, fault: string): Error => invalidProp(scope, `${prop}.${name}`, fault, `${READ_BY_ALL} ${todo}`);
  const unknown: string[] = [];
  for (const [name, value] of Object.entries(environment)) {
    if (Token.isUnresolved(value)) {
      unknown.push(name);
      continue;
    }
    const fault = faultOfText(name, value);
    if (fault) throw refusal(name, fault);
  }
  if (unknown.length === 0) return;
  scope.node.addValidation({
    validate: () => unknown.flatMap((name) => {
      const fault = faultOfToken(scope, name, Stack.of(scope).resolve(environment[name]));
      return fault ? [refusal(name, fault).message] : [];
    }),
  });
}

function faultOfText(name: string, value: string): string | undefined {
  if (value.includes(RESOLVED)) return 'a dynamic reference';
  if (credentialIn(value)) return 'a text with a credential in it';
  if (namesSecret(name) && !saysNothing(value)) return 'called like a secret';
  return looksRandom(value, name) ? 'as random as a secret' : undefined;
}

/** What is known of a text with holes: its written parts one by one, and what its holes refer to. */
function faultOfToken(scope: Construct, name: string, value: unknown): string | undefined {
  const { texts, references } = partsOf(value);
  // A reference of the CDK's is broken at its own holes, `{{resolve:secretsmanager:` and what follows the ARN.
  if (texts.some((text) => text.includes(RESOLVED))) return 'a dynamic reference';
  if (credentialIn(texts.join('${Hole}'))) return 'a text with a credential in it';
  if (hasHiddenParameter(scope, references)) return 'a parameter with NoEcho';
  return namesSecret(name) ? 'called like a secret' : undefined;
}

interface Parts {
  readonly texts: readonly string[];
  readonly references: readonly string[];
}

const HOLE = /\$\{([^!}][^}]*)\}/g;

function partsOf(value: unknown): Parts {
  if (typeof value === 'string') return { texts: [value], references: [...value.matchAll(HOLE)].map(([, reference = '']) => reference) };
  if (typeof value !== 'object' || value === null) return { texts: [], references: [] };
  const inner = Object.values(value).map(partsOf);
  const reference = 'Ref' in value && typeof value.Ref === 'string' ? [value.Ref] : [];
  return { texts: inner.flatMap(({ texts }) => texts), references: [...reference, ...inner.flatMap(({ references }) => references)] };
}

function hasHiddenParameter(scope: Construct, references: readonly string[]): boolean {
  const stack = Stack.of(scope);
  const hidden = stack.node.findAll().filter((one): one is CfnParameter => one instanceof CfnParameter && one.stack === stack && one.noEcho);
  return hidden.some((parameter) => references.includes(stack.resolve(parameter.logicalId) as string));
}
