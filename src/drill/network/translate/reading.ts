import type { Resource } from '../../../checks/template/resource';
import { own } from '../../../checks/template/template';
import type { TemplateGraph } from '../../../checks/template/template-graph';
import type { NotEmulated } from '../../edge/model';
import { Spot } from '../../edge/translate/spot';
import { placeOf } from '../../place';
import { SHAPES } from './shapes';

/** One reading of the templates: hands out their resources, lets no property pass that the shapes do not name, and collects what is not emulated. */
export class Reading {
  private readonly found: NotEmulated[] = [];
  private readonly inspected = new Set<Resource>();

  public constructor(public readonly graph: TemplateGraph) {}

  public get notEmulated(): readonly NotEmulated[] {
    return this.found;
  }

  /** Every resource of a type, looked through. */
  public all(type: string): readonly Resource[] {
    const resources = this.graph.ofType(type);
    resources.forEach((resource) => this.inspect(resource));
    return resources;
  }

  /** A resource, or one property of it, that exists and proves nothing. */
  public omit(resource: Resource, reason: string, property = ''): void {
    this.found.push({ place: placeOf(resource), type: resource.type, property, reason });
  }

  private inspect(resource: Resource): void {
    const shape = own(SHAPES, resource.type);
    if (shape === undefined || this.inspected.has(resource)) return;
    this.inspected.add(resource);
    for (const [key, spot] of Spot.of(resource).entries()) {
      if (!spot.exists) continue;
      const treatment = own(shape, key) ?? spot.refuse(`the drill does not know what the property ${key} does to the network; take it out to drill the rest`);
      if (treatment.kind === 'not-emulated') this.omit(resource, treatment.because, key);
    }
  }
}

/** How the model names a resource. */
export function keyOf(resource: Resource): string {
  return `${resource.template.name}/${resource.logicalId}`;
}
