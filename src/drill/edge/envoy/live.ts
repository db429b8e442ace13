import { rename, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import type { EdgeModel, LiveSet, WebAclModel } from '../model';
import { IDLE } from './filter';
import { typed, type Fragment } from './fragment';
import { type LiveAddresses, type WafFilter, wafFilters } from './waf';

/** Where Envoy finds what changes while it runs. */
export interface LiveFilters {
  /** One file a filter. */
  readonly folder: string;
  readonly addresses: LiveAddresses;
}

/** The filters of a web ACL: those that may change come from files, which Envoy reads again as soon as another one is moved into their place. */
export function webAclFilters(listener: string, acl: WebAclModel, live: LiveFilters): Fragment[] {
  return wafFilters(acl, live.addresses).flatMap((each): Fragment[] => {
    if (!each.live) return each.filter ? [each.filter] : [];
    const name = nameOf(listener, each);
    return [{
      name,
      config_discovery: {
        config_source: { path_config_source: { path: fileOf(live.folder, name) }, resource_api_version: 'V3' },
        type_urls: TYPES.map((type) => `type.googleapis.com/${type}`),
      },
    }];
  });
}

/** What a filter may become. */
const TYPES = [
  'envoy.extensions.common.matching.v3.ExtensionWithMatcher', 'envoy.extensions.filters.http.fault.v3.HTTPFault', 'envoy.extensions.filters.http.lua.v3.Lua',
  'envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit',
];

/** Writes every filter that may change, as it is at the moment. */
export async function writeLiveFilters({ listeners }: EdgeModel, { folder, addresses }: LiveFilters): Promise<void> {
  for (const [index, { webAcl }] of listeners.entries()) {
    for (const filter of webAcl ? wafFilters(webAcl, addresses).filter(({ live }) => live) : []) await write(fileOf(folder, nameOf(String(index), filter)), String(index), filter);
  }
}

async function write(file: string, listener: string, filter: WafFilter): Promise<void> {
  const { typed_config: config = IDLE } = filter.filter ?? {};
  const resource = typed('envoy.config.core.v3.TypedExtensionConfig', { name: nameOf(listener, filter), typed_config: config });
  // Envoy watches for files that are moved there, so that it never reads half of one.
  await writeFile(`${file}.new`, JSON.stringify({ resources: [resource] }), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

function nameOf(listener: string, { name }: WafFilter): string {
  return `${listener}.${name}`;
}

function fileOf(folder: string, name: string): string {
  return path.join(folder, `${name.replaceAll(/[^\w.-]/g, '_')}.json`);
}

/** Whether two statements ask for the same set. */
export function sameSet(one: LiveSet, other: LiveSet): boolean {
  return one.family === other.family && one.place.stack === other.place.stack && one.place.logicalId === other.place.logicalId;
}
