import type { Resource } from '../checks/template/resource';
import type { Place } from './edge/model';

export function placeOf(resource: Resource): Place {
  const { constructPath } = resource;
  return { stack: resource.template.name, logicalId: resource.logicalId, ...(constructPath === undefined ? {} : { constructPath }) };
}
