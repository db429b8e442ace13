import type { ActionModel, ListenerModel, Place } from '../model';
import type { Fragment } from './fragment';
import { InexpressibleError } from './inexpressible';

type RedirectModel = Extract<ActionModel, { kind: 'redirect' }>;

const PLACEHOLDER = /#\{\w+\}/;
const STATUS = { 301: 'MOVED_PERMANENTLY', 302: 'FOUND' } as const;

/**
 * A redirect, after elasticloadbalancing/latest/application/rule-action-types.html#redirect-actions. `#{path}` is the path without its first slash;
 * `#{port}` is the listener's port, not the one that stands for it on this machine. The port is always part of the location.
 */
export function redirect({ port, tls }: ListenerModel, place: Place, model: RedirectModel): Fragment {
  const { protocol, host, query } = model;
  const inexpressible = (part: 'protocol' | 'host' | 'port' | 'path' | 'query'): InexpressibleError =>
    new InexpressibleError(place, `a redirect to the ${part} ${model[part]}`, 'it takes a placeholder by itself, or none');
  if (protocol !== '#{protocol}' && !/^https?$/i.test(protocol)) throw inexpressible('protocol');
  if (host !== '#{host}' && PLACEHOLDER.test(host)) throw inexpressible('host');
  if (model.port !== '#{port}' && !/^\d+$/.test(model.port)) throw inexpressible('port');
  if (query !== '#{query}' && PLACEHOLDER.test(query)) throw inexpressible('query');
  const ownQuery = query === '#{query}' || query === '' ? '' : `?${query}`;
  return {
    scheme_redirect: protocol === '#{protocol}' ? (tls ? 'https' : 'http') : protocol.toLowerCase(),
    ...(host !== '#{host}' && { host_redirect: host }),
    port_redirect: model.port === '#{port}' ? port : Number(model.port),
    ...pathOf(model.path, ownQuery, () => inexpressible('path')),
    strip_query: query !== '#{query}',
    response_code: STATUS[model.status],
  };
}

function pathOf(path: string, ownQuery: string, inexpressible: () => InexpressibleError): Fragment {
  const [before = '', after, ...more] = path.split('#{path}');
  if (PLACEHOLDER.test(before + (after ?? '')) || more.length > 0) throw inexpressible();
  if (after === undefined) return { path_redirect: path + ownQuery };
  // Envoy strips a query of its own again where it has rewritten the path.
  if (ownQuery !== '') throw inexpressible();
  const literal = (text: string): string => text.replaceAll('\\', '\\\\');
  return path === '/#{path}' ? {} : { regex_rewrite: { pattern: { regex: '^/(.*)$' }, substitution: `${literal(before)}\\1${literal(after)}` } };
}
