import type { IConstruct } from 'constructs';
import { invalidProp } from '../../invalid-prop';

/** A header's name in lower case. 64 characters are what WAF takes (WAFV2 API, SingleHeader). */
export function checkHeaderName(scope: IConstruct, prop: string, name: string): string {
  if (!/^[A-Za-z0-9-]{1,64}$/.test(name)) throw invalidProp(scope, prop, name, 'Name a header of letters, digits and hyphens, such as x-api-key.');
  return name.toLowerCase();
}
