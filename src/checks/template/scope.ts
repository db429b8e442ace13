import { type Atom, atomKey, evaluateCondition, type World } from './conditions';
import { evaluateJson, type IntrinsicScope } from './intrinsics';
import { Resource } from './resource';
import { isJsonMap, type Json, section, type Template } from './template';
import { asText, Reference, Unknown, type Value } from './value';

/** What a template can see of its surroundings. */
export interface Surroundings {
  readonly world: World;
  /** Values handed in by the parent stack or the user; defaults apply to the rest. */
  readonly parameters: ReadonlyMap<string, Value>;
  exported(name: string): Value | undefined;
  /** The scope of a nested stack's template. */
  nested(logicalId: string): TemplateScope | undefined;
  onUndecided(atom: Atom, conditionName: string): void;
}

/** One template in one world: answers what its intrinsics ask. */
export class TemplateScope implements IntrinsicScope {
  public readonly resources = new Map<string, Resource>();
  private readonly conditions = new Map<string, boolean | undefined>();

  public constructor(public readonly template: Template, private readonly around: Surroundings) {
    for (const [logicalId, raw] of Object.entries(section(template, 'Resources'))) {
      if (!isJsonMap(raw)) continue;
      if (typeof raw.Condition === 'string' && this.condition(raw.Condition) === false) continue;
      this.resources.set(logicalId, new Resource(logicalId, template, raw, (value) => this.evaluate(value)));
    }
  }

  public evaluate(value: Json): Value | undefined {
    return evaluateJson(value, this);
  }

  public ref(name: string): Value | undefined {
    if (name === 'AWS::NoValue') return undefined;
    if (name.startsWith('AWS::')) return new Unknown(`\${${name}}`, `${name} has a value only when deployed`);
    const resource = this.resources.get(name);
    return resource ? new Reference(resource, 'Ref') : this.parameter(name);
  }

  public getAtt(logicalId: string, attribute: string): Value {
    const output = /^Outputs\.(.+)$/.exec(attribute)?.[1];
    const inner = output === undefined ? undefined : this.around.nested(logicalId)?.output(output);
    if (inner !== undefined) return inner;
    const resource = this.resources.get(logicalId);
    return resource ? new Reference(resource, attribute) : new Unknown(`\${${logicalId}.${attribute}}`, `${logicalId} is not in the template`);
  }

  public importValue(exportName: Value): Value {
    const { text } = asText(exportName);
    return this.around.exported(text) ?? new Unknown(`\${${text}}`, `it is imported as ${text}, which no template at hand exports`);
  }

  public condition(name: string): boolean | undefined {
    if (this.conditions.has(name)) return this.conditions.get(name);
    this.conditions.set(name, undefined);
    const result = evaluateCondition(section(this.template, 'Conditions')[name] ?? null, {
      evaluate: (value) => this.evaluate(value),
      condition: (other) => this.condition(other),
      undecided: (atom) => {
        this.around.onUndecided(atom, name);
        return this.around.world.get(atomKey(atom));
      },
    });
    this.conditions.set(name, result);
    return result;
  }

  public mapping(map: string, first: string, second: string): Json | undefined {
    const level = section(this.template, 'Mappings')[map];
    const row = isJsonMap(level) ? level[first] : undefined;
    return isJsonMap(row) ? row[second] : undefined;
  }

  public output(name: string): Value | undefined {
    const output = section(this.template, 'Outputs')[name];
    return isJsonMap(output) ? this.evaluate(output.Value ?? null) : undefined;
  }

  private parameter(name: string): Value {
    const given = this.around.parameters.get(name);
    if (given !== undefined) return given;
    const declared = section(this.template, 'Parameters')[name];
    if (!isJsonMap(declared)) return new Unknown(`\${${name}}`, `${name} is defined nowhere in the template`);
    const type = String(declared.Type ?? 'String');
    if (type.startsWith('AWS::SSM::Parameter::')) return new Unknown(`\${${name}}`, `parameter ${name} is read from SSM at deployment`);
    if (declared.Default === undefined || declared.Default === null) return new Unknown(`\${${name}}`, `parameter ${name} has no default`);
    const text = String(declared.Default);
    return type === 'CommaDelimitedList' || type.startsWith('List<') ? text.split(',').map((item) => item.trim()) : text;
  }
}
