import { variablesOf } from '../variables';
import { type Environment, faultsIn, sentenceOf } from '../variables/judge';
import type { ProfileName } from '../variables/variable';

/** Where a secret comes from: the shell of whoever starts it, since a file would keep it (SEC-1). Compose does not start without. */
export const fromShell = (name: string): string => `\${${name}:?}`;

const FROM_SHELL = /^\$\{\w+:\?\}$/;

/**
 * What a program is told on one machine: what is always told, as it would be deployed, with what is chosen over it.
 *
 * @param chosen over the table; whatever the judge of `check --local` would not take is refused
 */
export function localVariables(profile: ProfileName, chosen: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const entries = variablesOf(profile).flatMap(({ name, emission, place, written }): [string, string][] => {
    if (Object.hasOwn(chosen, name)) return chosen[name] === undefined ? [] : [[name, chosen[name]]];
    if (emission !== 'always') return [];
    if (place === 'secrets') return [[name, fromShell(name)]];
    return written === undefined ? [] : [[name, written]];
  });
  const [fault] = faultsIn(profile, toldBy(Object.fromEntries(entries)), { isLocal: true });
  if (fault) throw new Error(`LocalProfile.${profile}: ${sentenceOf(fault)}, on a developer's machine too (${fault.control}).`);
  return Object.fromEntries(entries);
}

/** As the judge reads it: of what the shell fills in, nothing is known. */
export function toldBy(variables: Readonly<Record<string, string>>): Environment {
  return new Map(Object.entries(variables).map(([name, text]) => [name, FROM_SHELL.test(text) ? { isSecret: true } : { text, isSecret: false }]));
}

/** What needs no quotes, in a shell and for Compose. */
const PLAIN = /^[\w./:,@+-]*$/;

/** A file that docker compose reads. What the shell fills in stands without quotes, in which it would be taken as it stands. */
export function envFileOf(variables: Readonly<Record<string, string>>): string {
  const lines = Object.entries(variables).map(([name, text]) => `${name}=${PLAIN.test(text) || FROM_SHELL.test(text) ? text : quoted(text)}`);
  return ['# For one machine, and for no deployment: some of it may let anybody in.', ...lines, ''].join('\n');
}

function quoted(text: string): string {
  return text.includes('\'') ? `"${text.replace(/["\\$`]/g, '\\$&')}"` : `'${text}'`;
}
