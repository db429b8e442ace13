import { type Atom, atomKey, evaluateCondition, MAX_DEPTH, type World } from './conditions';
import { evaluateJson, type IntrinsicScope } from './intrinsics';
import { Resource } from './resource';
import { isJsonMap, type Json, type JsonMap, own, section, type Template } from './template';
import { asText, DeclaredSecret, literal, Reference, secretsIn, Unknown, type Value } from './value';

/** Types that carry no meaning for any control, so that a condition on them alone costs no second world. */
export const INERT_TYPES: ReadonlySet<string> = new Set(['AWS::CDK::Metadata']);

/** What stands for an output among resources; CloudFormation has no such type. */
export const OUTPUT = 'AWS::CloudFormation::Output';

/** What a template can see of its surroundings. */
export interface Surroundings {
  readonly world: World;
  /** What the parent stack or the user hands in for a parameter; its default applies otherwise. */
  parameter(name: string): Value | undefined;
  /** Whether it is the user who hands it in: a parent stack writes it into a template. */
  readonly outermost: boolean;
  exported(name: string): Value | undefined;
  /** The scope of a nested stack's template. */
  nested(logicalId: string): TemplateScope | undefined;
  onUndecided(atom: Atom, conditionName: string): void;
}

/** One template in one world: answers what its intrinsics ask. */
export class TemplateScope implements IntrinsicScope {
  /** Conditions of resources that neither a default nor this world decides. */
  public readonly undecidedConditions = new Set<string>();
  private present?: Map<string, Resource>;
  private readonly conditions = new Map<string, boolean | undefined>();
  private readonly openOutputs = new Set<string>();
  private depth = 0;
  /** Whether what the user hands in counts. */
  private given = true;

  public constructor(public readonly template: Template, private readonly around: Surroundings) {}

  /** The resources of this world; found when first asked for, since their conditions may look into other templates. */
  public get resources(): ReadonlyMap<string, Resource> {
    if (this.present) return this.present;
    const present = this.present = new Map<string, Resource>();
    for (const [logicalId, raw] of Object.entries(section(this.template, 'Resources'))) {
      if (!isJsonMap(raw) || !this.mayExist(raw)) continue;
      present.set(logicalId, new Resource(logicalId, this.template, raw, (value, given) => this.withGiven(given, () => this.evaluate(value))));
    }
    return present;
  }

  /** What the stack tells whoever may describe it, as if each output were a resource; its stack answers for it. */
  public get outputs(): readonly Resource[] {
    return Object.entries(section(this.template, 'Outputs')).flatMap(([name, Properties]) => {
      if (!isJsonMap(Properties) || (typeof Properties.Condition === 'string' && this.decided(Properties.Condition) === false)) return [];
      const raw = { Type: OUTPUT, Metadata: { 'aws:cdk:path': this.template.name }, Properties };
      return new Resource(name, this.template, raw, (value, given) => this.withGiven(given, () => this.evaluate(value)));
    });
  }

  public evaluate(value: Json): Value | undefined {
    if (this.depth >= MAX_DEPTH) return new Unknown('${...}', 'it is nested too deeply to be read');
    this.depth += 1;
    try {
      return evaluateJson(value, this);
    } finally {
      this.depth -= 1;
    }
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
    // What such an output points at is not the nested stack itself, so it must not be followed as if it were.
    if (output !== undefined && resource?.type === 'AWS::CloudFormation::Stack') return new Unknown(`\${${logicalId}.${attribute}}`, `no template at hand has ${output} of nested stack ${logicalId}`);
    return resource ? new Reference(resource, attribute) : new Unknown(`\${${logicalId}.${attribute}}`, `${logicalId} is not in the template`);
  }

  public importValue(exportName: Value): Value {
    const { text } = asText(exportName);
    return this.around.exported(text) ?? new Unknown(`\${${text}}`, `it is imported as ${text}, which no template at hand exports`);
  }

  public condition(name: string): boolean | undefined {
    if (this.conditions.has(name)) return this.conditions.get(name);
    this.conditions.set(name, undefined);
    // Remembered, so it must not depend on who asked first.
    const result = this.withGiven(true, () => evaluateCondition(own(section(this.template, 'Conditions'), name) ?? null, {
      evaluate: (value) => this.evaluate(value),
      condition: (other) => this.condition(other),
      undecided: (atom) => {
        this.around.onUndecided(atom, name);
        return this.around.world.get(atomKey(atom));
      },
    }));
    this.conditions.set(name, result);
    return result;
  }

  public mapping(map: string, first: string, second: string): Json | undefined {
    const level = own(section(this.template, 'Mappings'), map);
    const row = isJsonMap(level) ? own(level, first) : undefined;
    return isJsonMap(row) ? own(row, second) : undefined;
  }

  public output(name: string): Value | undefined {
    const output = own(section(this.template, 'Outputs'), name);
    if (!isJsonMap(output)) return undefined;
    if (this.openOutputs.has(name)) return new Unknown(`\${${name}}`, `output ${name} depends on itself`);
    this.openOutputs.add(name);
    try {
      return this.evaluate(output.Value ?? null);
    } finally {
      this.openOutputs.delete(name);
    }
  }

  private withGiven<T>(given: boolean, evaluate: () => T): T {
    const before = this.given;
    this.given = given;
    try {
      return evaluate();
    } finally {
      this.given = before;
    }
  }

  private mayExist(raw: JsonMap): boolean {
    if (typeof raw.Condition !== 'string' || INERT_TYPES.has(String(raw.Type))) return true;
    const decided = this.decided(raw.Condition);
    if (decided === undefined) this.undecidedConditions.add(raw.Condition);
    return decided ?? true;
  }

  /** What a condition comes to, or is taken to come to in this world. */
  private decided(condition: string): boolean | undefined {
    return this.condition(condition) ?? this.around.world.get(condition);
  }

  private parameter(name: string): Value {
    const declared = own(section(this.template, 'Parameters'), name);
    if (!isJsonMap(declared)) return new Unknown(`\${${name}}`, `${name} is defined nowhere in the template`);
    const type = String(declared.Type ?? 'String');
    if (type.startsWith('AWS::SSM::Parameter::')) return new Unknown(`\${${name}}`, `parameter ${name} is read from SSM at deployment`);
    const handed = this.around.parameter(name);
    if (String(declared.NoEcho) === 'true') return this.declaredSecret(name, handed, declared.Default ?? undefined);
    if (handed !== undefined && this.around.outermost && !this.given) return new Unknown(`\${${name}}`, `parameter ${name} is given at deployment`);
    const value = handed ?? declared.Default ?? undefined;
    if (value === undefined) return new Unknown(`\${${name}}`, `parameter ${name} has no default`);
    // Handed in by a parent stack, it may be a resource, a list or unknown; written down, it is text.
    if (typeof value === 'object') return value;
    const text = String(value);
    return type === 'CommaDelimitedList' || type.startsWith('List<') ? text.split(',').map((item) => literal(item.trim())) : literal(text);
  }

  /** Stays a hole whoever gives it a value. A resource of the parent stack is no secret text, and can be followed. */
  private declaredSecret(name: string, handed: Value | undefined, byDefault: Json | undefined): Value {
    if (handed instanceof Reference) return handed;
    const value = handed ?? byDefault;
    if (value === undefined) return new DeclaredSecret(name, `parameter ${name} has no default`, false);
    const { text, complete } = asText(value);
    const isLiteral = complete && text !== '' && typeof literal(text) === 'string' && (handed === undefined || !this.around.outermost);
    const isWritten = isLiteral || secretsIn(handed).some((secret) => secret.isWritten);
    const held = handed instanceof DeclaredSecret ? handed.held : text;
    return new DeclaredSecret(name, `parameter ${name} is declared secret (NoEcho)`, isWritten, complete || handed instanceof DeclaredSecret ? held : undefined);
  }
}
