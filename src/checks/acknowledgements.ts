import { isJsonMap, type Json, section } from './template/template';
import type { Resource } from './template/resource';

/** Prefix of every rule id where it is acknowledged, so that it shares no name with another pack's. */
export const NAMESPACE = 'SecureCore';

/** Key of a resource's `Metadata` under which a plain template acknowledges: `[{ id, reason }]`. */
export const METADATA_KEY = 'cdk-secure-core:acknowledge';

/** Rule of the findings about what no rule can see into. */
export const UNREADABLE = 'engine.unreadable';

export interface Acknowledgement {
  readonly reason: string;
  readonly at: string;
  /** Whether a construct of the app answers for it, or metadata in the template. */
  readonly by: 'construct' | 'template';
}

/** What has been acknowledged where, by construct path; read from a construct tree or a cloud assembly. */
export class Acknowledgements {
  private readonly byPath = new Map<string, Map<string, string>>();

  public add(constructPath: string, qualifiedId: string, reason: string): void {
    const ids = this.byPath.get(constructPath) ?? new Map<string, string>();
    ids.set(qualifiedId, reason);
    this.byPath.set(constructPath, ids);
  }

  /** The closest acknowledgement of a rule, by its exact id as the CDK compares it: on the resource itself, then, for what can have no metadata, on the template, then on the constructs around it. */
  public find(rule: string, resource: Resource): Acknowledgement | undefined {
    const id = `${NAMESPACE}::${rule}`;
    const own = inMetadata(resource.metadata[METADATA_KEY], id);
    if (own !== undefined) return { reason: own, at: resource.logicalId, by: 'template' };
    const inTemplate = rule === UNREADABLE ? inMetadata(section(resource.template, 'Metadata')[METADATA_KEY], id) : undefined;
    if (inTemplate !== undefined) return { reason: inTemplate, at: resource.template.name, by: 'template' };
    for (let path = resource.constructPath; path !== undefined; path = parentOf(path)) {
      const reason = this.byPath.get(path)?.get(id);
      if (reason !== undefined) return { reason, at: path, by: 'construct' };
    }
    return undefined;
  }
}

function inMetadata(entries: Json | undefined, id: string): string | undefined {
  const list = Array.isArray(entries) ? (entries as readonly Json[]) : [];
  const match = list.find((entry) => isJsonMap(entry) && entry.id === id);
  if (!isJsonMap(match)) return undefined;
  return typeof match.reason === 'string' ? match.reason : '';
}

/** The path one construct up; the app itself has the empty path. */
function parentOf(path: string): string | undefined {
  if (path === '') return undefined;
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}
