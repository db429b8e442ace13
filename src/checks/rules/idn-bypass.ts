import { defineRule, each, expect, NOT_APPLICABLE, type Outcome, undecidable } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import { containersOf, type EnvironmentEntry, environmentOf, TASK_DEFINITION } from './containers';
import { FUNCTIONS } from './variables';

interface Switch {
  readonly name: RegExp;
  /** Whether a value keeps authentication on. */
  isSafe(value: string): boolean;
  readonly otherwise: string;
}

const notNone = (value: string): boolean => !['', 'none'].includes(value.trim().toLowerCase());
/** What apps that nobody here knows call none. */
const notOff = (value: string): boolean => notNone(value) && !/^(off|false|no|disabled?|anonymous|insecure)$/i.test(value.trim());
const BYPASS = { isSafe: (value: string): boolean => value === 'false', otherwise: 'lets developers past authentication unless it is exactly false' };
const NONE = { isSafe: notNone, otherwise: 'authenticates nobody' };

/**
 * The checklist's own variables (CX-08, TG-07, NT-20, TS-38), in either case, since settings libraries read both.
 * A template is never `local`, so they cannot be answered for. How an app reads `0` or `False` is the app's to know.
 */
const NAMED: readonly Switch[] = [
  { name: /^GATEWAY_DEV_ALLOW_ALL_KEYS$/i, ...BYPASS },
  { name: /^(TGEFD_AUTH_MODE|TOM_CORE_AUTH_MODE|AUTH_PROVIDER)$/i, ...NONE },
];

/** Variables that are called alike, of apps that the checklist does not know: what they do is a guess. */
const ALIKE: readonly Switch[] = [
  { name: /(^|_)(DEV_ALLOW_ALL(_\w+)?|DEV(ELOPER)?_(AUTH_)?BYPASS|(DISABLE|SKIP|BYPASS)_AUTH(ENTICATION)?|AUTH(ENTICATION)?_(DISABLED|BYPASS))$/i, ...BYPASS },
  { name: /(^|_)AUTH(ENTICATION)?_(MODE|PROVIDER)$/i, ...NONE, isSafe: notOff },
];

function variablesOf(resource: Resource): EnvironmentEntry[] {
  if (resource.type === TASK_DEFINITION) return containersOf(resource).flatMap((container) => environmentOf(container));
  return resource.prop('Environment.Variables').entries().map(([name, value]) => ({ name, value, entry: value }));
}

/** What a secret store fills in is in no template. */
function filledIn(resource: Resource): EnvironmentEntry[] {
  return resource.type === TASK_DEFINITION ? containersOf(resource).flatMap((container) => environmentOf(container, 'Secrets')) : [];
}

/** Variables that a container's own command sets before the app starts. */
const ASSIGNMENT = /(?<![\w$])(\w+)=(?:"([^"]*)"|'([^']*)'|([^\s;&|"']*))/g;

/** A command that only a deployment knows is no word about authentication. */
function wordsOf(container: Property): Property[] {
  return ['EntryPoint', 'Command'].map((key) => container.get(key)).flatMap((list) => (Array.isArray(list.value) ? list.items() : []));
}

function setByCommands(resource: Resource, switchOf: (name: string) => Switch | undefined): readonly Outcome[] {
  const words = resource.type === TASK_DEFINITION ? containersOf(resource).flatMap(wordsOf) : [];
  return words.flatMap((word) => [...word.partialText().text.matchAll(ASSIGNMENT)].flatMap(([, name = '', ...values]) => {
    const known = switchOf(name);
    const value = values.find((text) => text) ?? '';
    if (known && value.includes('$')) return undecidable(word, `${name} is filled in when the container starts, so whether it lets anybody past authentication is not known`);
    return known ? expect(known.isSafe(value), word, `${name} ${known.otherwise}`) : NOT_APPLICABLE;
  }));
}

function judged(resource: Resource, switchOf: (name: string) => Switch | undefined): readonly Outcome[] {
  return [
    ...setByCommands(resource, switchOf),
    ...each(variablesOf(resource), ({ name, value }) => {
      const known = switchOf(name);
      return known ? expect(known.isSafe(value.text() ?? ''), value, `${name} ${known.otherwise}`) : NOT_APPLICABLE;
    }),
    ...filledIn(resource).filter(({ name }) => switchOf(name))
      .flatMap(({ name, entry }) => undecidable(entry, `${name} comes from a secret store, so whether it lets anybody past authentication is not known`)),
  ];
}

const named = (name: string): Switch | undefined => NAMED.find((one) => one.name.test(name));

const bypass = defineRule('IDN-9', 'no-bypass', {
  appliesTo: [TASK_DEFINITION, ...FUNCTIONS],
  fatal: true,
  extent: 'the variables that the checklist names',
  remediation: 'Set GATEWAY_DEV_ALLOW_ALL_KEYS to false, and an authentication mode or provider other than none.',
  check: (resource) => judged(resource, named),
});

const alike = defineRule('IDN-9', 'no-bypass-alike', {
  appliesTo: [TASK_DEFINITION, ...FUNCTIONS],
  extent: 'variables that are called like those of the checklist',
  remediation: 'Set the bypass to false, or the mode to one that authenticates. Where the variable means something else, acknowledge it.',
  check: (resource) => judged(resource, (name) => (named(name) ? undefined : ALIKE.find((one) => one.name.test(name)))),
});

export const IDN_BYPASS_RULES = [bypass, alike];
