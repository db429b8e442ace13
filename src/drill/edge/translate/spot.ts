import { type Property, UndecidableError } from '../../../checks/template/property';
import type { Resource } from '../../../checks/template/resource';
import { isMap, Reference } from '../../../checks/template/value';
import { untranslatable, type UntranslatableError } from './untranslatable';

/** A place in a resource, read strictly: what is open, or of another kind than asked for, ends the translation. */
export class Spot {
  public static of(resource: Resource): Spot {
    return new Spot(resource, resource.whole);
  }

  public constructor(public readonly resource: Resource, public readonly property: Property) {}

  public get exists(): boolean {
    return this.property.exists;
  }

  /** Without the owner's name, as `NotEmulated` wants it. */
  public get path(): string {
    return this.property.path.slice(`${this.resource.logicalId}.Properties.`.length);
  }

  public get(key: string): Spot {
    return this.decided(() => new Spot(this.resource, this.property.get(key)));
  }

  /** The entries of a list; nothing where it is absent. */
  public items(): Spot[] {
    return this.decided(() => this.property.items()).map((entry) => new Spot(this.resource, entry));
  }

  /** The entries of a map; nothing where it is absent. */
  public entries(): (readonly [string, Spot])[] {
    if (!this.exists) return [];
    if (!isMap(this.property.value)) this.decided(() => this.property.get('any'));
    if (!isMap(this.property.value)) throw this.error('the drill expects a map here');
    return this.decided(() => this.property.entries()).map(([key, entry]) => [key, new Spot(this.resource, entry)]);
  }

  /** The text, or undefined where it is absent. */
  public text(): string | undefined {
    return this.decided(() => this.property.text());
  }

  public requiredText(): string {
    return this.text() ?? this.missing();
  }

  /** The text with holes where only a deployment knows it. */
  public textWithHoles(): string {
    return this.exists ? this.property.partialText().text : this.missing();
  }

  public flag(absent: boolean): boolean {
    return this.decided(() => this.property.flag()) ?? absent;
  }

  /** A whole number within bounds, or undefined where it is absent. */
  public whole(min: number, max: number): number | undefined {
    const number = this.decided(() => this.property.number());
    if (number === undefined || (Number.isInteger(number) && number >= min && number <= max)) return number;
    throw this.error(`AWS takes a whole number from ${min} to ${max} here`);
  }

  public requiredWhole(min: number, max: number): number {
    return this.whole(min, max) ?? this.missing();
  }

  /** One of the values that the drill knows, or undefined where it is absent. */
  public oneOf<V extends string>(known: readonly V[]): V | undefined {
    const text = this.text();
    if (text === undefined) return undefined;
    return known.find((value) => value === text) ?? this.refuse(`the drill does not know what this value does; it knows ${known.join(', ')}`);
  }

  public requiredOneOf<V extends string>(known: readonly V[]): V {
    return this.oneOf(known) ?? this.missing();
  }

  /** The resource of one of the templates that stands here; undefined for anything else, decided or not. */
  public target(type: string): Resource | undefined {
    const { value } = this.property;
    return value instanceof Reference && value.resource.type === type ? value.resource : undefined;
  }

  /** Where two places point at the same thing they have the same text, whether it is in the templates or only named. */
  public identity(): string {
    const { value } = this.property;
    return value instanceof Reference ? `${value.resource.template.name}/${value.resource.logicalId}` : this.textWithHoles();
  }

  public error(why: string): UntranslatableError {
    return untranslatable(this.resource, this.property, why);
  }

  public refuse(why: string): never {
    throw this.error(why);
  }

  private missing(): never {
    throw this.error('it is missing, and AWS requires it');
  }

  private decided<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof UndecidableError)) throw error;
      throw this.error(`the template leaves it open, since ${error.reason}; the drill needs the value, so write it down or give the parameter one`);
    }
  }
}
