import { section, type Template } from '../checks/template/template';
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
