import { own } from './template';
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

  /** The names of a map and what stands under each, whatever characters a name has; nothing where the property is absent. */
  public entries(): (readonly [string, Property])[] {
    if (!this.exists) return [];
    if (!isMap(this.value)) throw new UndecidableError(this.path, this.why());
    return Object.entries(this.value).map(([key, value]) => [key, new Property(`${this.path}.${key}`, value)]);
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

  /** True or false, as text too, or undefined where absent. YAML 1.1 has more words for the two, and who reads them how is not known. */
  public flag(): boolean | undefined {
    const text = this.text()?.toLowerCase();
    if (text === undefined) return undefined;
    if (text !== 'true' && text !== 'false') throw new UndecidableError(this.path, 'it is neither true nor false');
    return text === 'true';
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
    const below = isMap(this.value) ? own(this.value, key) : undefined;
    return new Property(`${this.path}.${key}`, below);
  }

  private assertDecided(): void {
    if (this.value instanceof Unknown) throw new UndecidableError(this.path, this.why());
  }

  private why(): string {
    if (this.value instanceof Unknown) return this.value.reason;
    // What a list or a map holds stays out of the message: some of it may be secret.
    if (!(this.value instanceof Reference)) return 'it has another type than the property takes';
    return `it is ${this.value.text}, which only a deployment knows`;
  }
}
