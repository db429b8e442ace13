import { asText, isMap, Reference, Unknown, type Value } from './value';

/** Thrown by the readers below; the engine turns it into an undecidable outcome, so that no rule can forget the case. */
export class UndecidableError extends Error {
  public constructor(public readonly path: string, public readonly reason: string) {
    super(`${path} cannot be decided: ${reason}`);
  }
}

/** A place in a resource: reads values and remembers where it stands, so that a finding can point at it. */
export class Property {
  public constructor(public readonly path: string, public readonly value: Value | undefined) {}

  /** Whether the template says anything here. */
  public get exists(): boolean {
    return this.value !== undefined && this.value !== null;
  }

  /** The place below this one; dots descend. */
  public get(key: string): Property {
    return key.split('.').reduce<Property>((at, part) => at.child(part), this);
  }

  /** The entries of a list; nothing where the property is absent. */
  public items(): Property[] {
    if (!this.exists) return [];
    this.assertDecided();
    const list = Array.isArray(this.value) ? (this.value as readonly Value[]) : [this.value];
    return list.map((entry, index) => new Property(`${this.path}.${index}`, entry));
  }

  /** The text, or undefined where the property is absent. */
  public text(): string | undefined {
    if (!this.exists) return undefined;
    const { text, complete } = asText(this.value);
    if (!complete) throw new UndecidableError(this.path, this.why());
    return text;
  }

  /** Text that may have holes, for rules that only look for a pattern in it. */
  public partialText(): { readonly text: string; readonly complete: boolean } {
    return asText(this.value);
  }

  /** True or false in any of CloudFormation's spellings, or undefined where absent. */
  public flag(): boolean | undefined {
    const text = this.text();
    return text === undefined ? undefined : text.toLowerCase() === 'true';
  }

  /** The number, or undefined where absent; NaN where the text is no number. */
  public number(): number | undefined {
    const text = this.text();
    return text === undefined ? undefined : Number(text);
  }

  /** The resource this points at, or undefined where it is a literal; undecidable where it cannot be followed. */
  public reference(): Reference | undefined {
    if (this.value instanceof Reference) return this.value;
    this.assertDecided();
    return undefined;
  }

  private child(key: string): Property {
    this.assertDecided();
    if (this.value instanceof Reference) throw new UndecidableError(this.path, this.why());
    const below = isMap(this.value) ? this.value[key] : undefined;
    return new Property(`${this.path}.${key}`, below);
  }

  private assertDecided(): void {
    if (this.value instanceof Unknown) throw new UndecidableError(this.path, this.why());
  }

  private why(): string {
    if (this.value instanceof Unknown) return this.value.reason;
    return `it is ${asText(this.value).text}, which only a deployment knows`;
  }
}
