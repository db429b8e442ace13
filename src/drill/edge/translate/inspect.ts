import type { Resource } from '../../../checks/template/resource';
import { own } from '../../../checks/template/template';
import type { NotEmulated } from '../model';
import { placeOf } from '../../place';
import { SHAPES } from './shapes';
import { Spot } from './spot';
import { mapped, type Shape, type Treatment } from './treatment';

/** Collects what is not emulated, and lets no property pass that the shapes do not name. */
export class Inspection {
  private readonly found: NotEmulated[] = [];
  private readonly inspected = new Set<Resource>();

  public get notEmulated(): readonly NotEmulated[] {
    return this.found;
  }

  /** Looks through a resource, once. */
  public inspect(resource: Resource): void {
    if (this.inspected.has(resource)) return;
    this.inspected.add(resource);
    this.map(Spot.of(resource), own(SHAPES, resource.type) ?? {});
  }

  /** A resource, or one property of it, that exists and proves nothing. */
  public omit(resource: Resource, reason: string, property = ''): void {
    this.found.push({ place: placeOf(resource), type: resource.type, property, reason });
  }

  private map(spot: Spot, shape: Shape): void {
    for (const [key, below] of spot.entries()) {
      if (below.exists) this.treat(below, own(shape, key) ?? below.refuse(`the drill does not know what the property ${key} does; take it out to drill the rest`));
    }
  }

  private treat(spot: Spot, treatment: Treatment): void {
    switch (treatment.kind) {
      case 'mapped':
      case 'irrelevant': break;
      case 'not-emulated': this.omit(spot.resource, treatment.because, spot.path); break;
      case 'refused': spot.refuse(`${treatment.because}; take it out to drill the rest`); break;
      case 'by-value': this.treat(spot, chosen(spot, treatment)); break;
      case 'map': this.map(spot, treatment.shape()); break;
      case 'list': spot.items().forEach((entry) => this.map(entry, treatment.shape())); break;
      case 'attributes': this.attributes(spot, treatment.keys);
    }
  }

  private attributes(spot: Spot, keys: Shape): void {
    const seen = new Set<string>();
    for (const entry of spot.items()) {
      const name = entry.get('Key');
      const key = name.requiredText();
      if (seen.has(key)) name.refuse('it is named twice, and the drill does not know which of the two counts; keep one of them');
      seen.add(key);
      const treatment = own(keys, key) ?? name.refuse('the drill does not know what this attribute does; take it out to drill the rest');
      this.map(entry, { Key: mapped, Value: mapped });
      const value = entry.get('Value');
      const settled = treatment.kind === 'by-value' && value.exists ? chosen(value, treatment) : treatment;
      // An attribute is known by its key, so that is what messages and the report name.
      if (settled.kind === 'refused') this.treat(name, settled);
      else if (settled.kind === 'not-emulated') this.omit(entry.resource, settled.because, `${spot.path}.${key}`);
    }
  }
}

function chosen(spot: Spot, { values }: Extract<Treatment, { kind: 'by-value' }>): Treatment {
  return own(values, spot.requiredOneOf(Object.keys(values))) ?? spot.refuse('the drill does not know what this value does');
}

/** The value of an attribute; the place of the list itself, and absent, where it is not named. */
export function attribute(resource: Resource, list: 'LoadBalancerAttributes' | 'ListenerAttributes', key: string): Spot | undefined {
  const entry = Spot.of(resource).get(list).items().find((candidate) => candidate.get('Key').text() === key);
  const value = entry?.get('Value');
  // The API shows an attribute that nobody has set as an empty text.
  return value?.exists === true && value.property.value !== '' ? value : undefined;
}
