import { CREDENTIAL_HEADERS } from '../../ingress/waf/credential-headers';
import { listed } from '../../listed';
import { defineRule, each, fail, PASS, undecidable } from '../rule';
import type { Property } from '../template/property';
import { isMap } from '../template/value';
import { collectorsOf, type Processor, textsOf, tracePipelinesOf } from './collectors';
import { TASK_DEFINITION } from './containers';
import { finds } from './red-logs';

/** What spans repeat of requests and of queries (RC-19; OpenTelemetry semantic conventions, "HTTP" and "Database"). */
const REPEATED: readonly string[] = [...CREDENTIAL_HEADERS.map((name) => `http.request.header.${name}`), 'url.query', 'db.statement'];

/** By key, or by a pattern of keys (attributes processor, "Usage"). */
function replaces(action: Property, attribute: string): boolean {
  const does = action.get('action').text() ?? '';
  const isGone = ['delete', 'hash'].includes(does) || (['update', 'upsert'].includes(does) && action.get('value').exists);
  return isGone && (action.get('key').text() === attribute || (action.get('pattern').exists && finds(action.get('pattern').text() ?? '', attribute)));
}

/** What is not allowed is taken out, and what is ignored stays (redaction processor, "Configuration"). */
function redacts(settings: Property, attribute: string): boolean {
  if (textsOf(settings.get('ignored_keys')).includes(attribute)) return false;
  if (settings.get('allow_all_keys').flag() !== true && !textsOf(settings.get('allowed_keys')).includes(attribute)) return true;
  return textsOf(settings.get('blocked_key_patterns')).some((pattern) => finds(pattern, attribute));
}

type Takes = (argument: unknown, attribute: string) => boolean;

/** Functions that take attributes out (OpenTelemetry Transformation Language, "Functions"). */
const FUNCTIONS: ReadonlyMap<string, Takes> = new Map<string, Takes>([
  ['delete_key', (key, attribute) => key === attribute],
  ['delete_matching_keys', (pattern, attribute) => finds(String(pattern), attribute)],
  ['keep_keys', (keys, attribute) => Array.isArray(keys) && !keys.includes(attribute)],
  ['keep_matching_keys', (pattern, attribute) => !finds(String(pattern), attribute)],
]);

/** What one statement does to an attribute; undefined where that is not read here, as of every statement with a condition. */
function effectOf(statement: string): ((attribute: string) => boolean) | undefined {
  const [, name = '', argument = ''] = /^\s*(\w+)\(\s*(?:span\.)?attributes\s*,(.*)\)\s*$/s.exec(statement) ?? [];
  const takes = FUNCTIONS.get(name);
  try {
    const value: unknown = JSON.parse(argument);
    return takes && ((attribute) => takes(value, attribute));
  } catch {
    return undefined;
  }
}

/** Statements about spans; older configurations have them in groups. */
function effectsOf(settings: Property): (((attribute: string) => boolean) | undefined)[] {
  return settings.get('trace_statements').items().flatMap((entry) => {
    if (!isMap(entry.value)) return [entry];
    const isForSpans = [undefined, 'span'].includes(entry.get('context').text()) && !entry.get('conditions').exists;
    return isForSpans ? entry.get('statements').items() : [];
  }).map((statement) => effectOf(statement.text() ?? ''));
}

/** Whether an attribute's value leaves on no span. */
function hides({ kind, settings }: Processor, attribute: string): boolean {
  switch (kind) {
    case 'attributes': return !settings.get('include').exists && !settings.get('exclude').exists && settings.get('actions').items().some((action) => replaces(action, attribute));
    case 'redaction': return redacts(settings, attribute);
    case 'transform': return effectsOf(settings).some((effect) => effect?.(attribute));
    default: return false;
  }
}

const isUnread = ({ kind, settings }: Processor): boolean => kind === 'transform' && effectsOf(settings).includes(undefined);

const processors = defineRule('RED-2', 'collector-processors', {
  appliesTo: [TASK_DEFINITION],
  extent: 'collectors whose configuration stands in a template, as JSON; what is in an image no template shows',
  remediation: `Have each pipeline of traces delete or hash ${listed(REPEATED, REPEATED.length)}: by the processor attributes, redaction or transform (delete_key, delete_matching_keys, keep_keys).`,
  check: (task, graph) => each(collectorsOf(task, graph), (collector) => each(tracePipelinesOf(collector), (pipeline) => {
    const shown = REPEATED.filter((attribute) => !pipeline.some((processor) => hides(processor, attribute)));
    if (shown.length === 0) return PASS;
    const message = `${collector.owner} passes ${listed(shown, REPEATED.length)} of every span on, where credentials travel`;
    return pipeline.some(isUnread) ? undecidable(collector.place, `${message}, unless a statement prevents it that is not read here`) : fail(collector.place, message);
  })),
});

export const RED_TRACE_RULES = [processors];
