import { flatten, isJsonMap, own, section, type Template } from '../checks/template/template';
import type { ChosenParameter } from '../drill/evidence';
import { UsageError } from './usage-error';

/** `--parameter Name=Value`, as often as it is given. Throws a UsageError where a template declares no such parameter. */
export function parametersFrom(pairs: readonly string[], templates: readonly Template[]): Map<string, string> {
  const declared = new Set(templates.flatMap((template) => Object.keys(section(template, 'Parameters'))));
  return new Map(pairs.map((pair) => {
    const equals = pair.indexOf('=');
    if (equals < 1) throw new UsageError(`--parameter ${pair} is not of the form Name=Value.`);
    const name = pair.slice(0, equals);
    if (!declared.has(name)) throw new UsageError(`--parameter ${name}: ${declared.size > 0 ? `there is no such parameter, only ${[...declared].sort().join(', ')}` : 'there are no parameters'}.`);
    return [name, pair.slice(equals + 1)];
  }));
}

/** The parameters as evidence and reports keep them: without the values that any template declares secret. */
export function recorded(parameters: ReadonlyMap<string, string>, templates: readonly Template[]): ChosenParameter[] {
  return [...parameters].map(([name, value]) => (templates.flatMap(flatten).some((template) => isSecret(name, template)) ? { name } : { name, value }));
}

function isSecret(name: string, template: Template): boolean {
  const declared = own(section(template, 'Parameters'), name);
  return isJsonMap(declared) && String(declared.NoEcho) === 'true';
}

/**
 * What a report judges with: what the drill deployed with, and the secret values that its evidence has not kept. Throws a UsageError
 * where something else is given, for then one page would speak of two deployments.
 */
export function agreedWith(drilled: readonly ChosenParameter[], given: ReadonlyMap<string, string>): Map<string, string> {
  const byName = new Map(drilled.map((parameter) => [parameter.name, parameter]));
  for (const [name, value] of given) {
    const parameter = byName.get(name);
    if (parameter === undefined) throw new UsageError(`--parameter ${name}: drill ran without it. Run drill again with it, or leave it out.`);
    if (parameter.value !== undefined && parameter.value !== value) throw new UsageError(`--parameter ${name}: drill ran with another value. Run drill again with this one, or leave it out.`);
  }
  return new Map([...drilled.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value] as const])), ...given]);
}
