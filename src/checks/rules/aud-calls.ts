import { all, defineRule, expect, fail, NOT_APPLICABLE, type Outcome, PASS } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { isSure } from './gate-targets';
import { oncePerGraph } from './pointers';

const TRAIL = 'AWS::CloudTrail::Trail';

/** Sources that a trail may leave out of its management events, since they are many (CloudTrail API, EventSelector). */
const KEYS = 'kms.amazonaws.com';
const SECRETS = 'secretsmanager.amazonaws.com';

const values = (entry: Property, operator: string): (string | undefined)[] => entry.get(operator).items().map((item) => item.text());

/** What an advanced selector says of a field. */
const saysOf = (selector: Property, field: string): Property[] => selector.get('FieldSelectors').items().filter((entry) => entry.get('Field').text() === field);

/** What is wrong with one selector of management events; nothing where it takes reads, and the use of keys. */
function advancedFault(selector: Property): string | undefined {
  if (saysOf(selector, 'readOnly').some((entry) => values(entry, 'Equals').includes('false'))) return 'leaves out calls that only read';
  const sources = saysOf(selector, 'eventSource');
  const isLeftOut = (source: string): boolean =>
    sources.some((entry) => values(entry, 'NotEquals').includes(source) || (entry.get('Equals').exists && !values(entry, 'Equals').includes(source)));
  return isLeftOut(KEYS) ? 'leaves out the use of keys' : isLeftOut(SECRETS) ? 'leaves out reads of secrets' : undefined;
}

function classicFault(selector: Property): string | undefined {
  if ((selector.get('ReadWriteType').text() ?? 'All') === 'WriteOnly') return 'leaves out calls that only read';
  return selector.get('ExcludeManagementEventSources').items().some((item) => item.text() === KEYS) ? 'leaves out the use of keys' : undefined;
}

/** What the best of a trail's selectors leaves out; all management events are on where nothing is said (CloudTrail API, PutEventSelectors). */
function faultOf(trail: Resource): string | undefined {
  if (trail.prop('IsLogging').flag() === false) return 'is off';
  const advanced = trail.prop('AdvancedEventSelectors').items();
  const ofManagement = advanced.filter((selector) => saysOf(selector, 'eventCategory').some((entry) => values(entry, 'Equals').includes('Management')));
  const classic = trail.prop('EventSelectors').items();
  const managing = classic.filter((selector) => selector.get('IncludeManagementEvents').flag() !== false);
  if (advanced.length === 0 && classic.length === 0) return undefined;
  const faults = advanced.length > 0 ? ofManagement.map(advancedFault) : managing.map(classicFault);
  return faults.length === 0 ? 'records no management events' : faults.includes(undefined) ? undefined : faults[0];
}

/** Whether one trail of the templates takes all: others may then be about data alone. */
const isCovered = oncePerGraph((graph: TemplateGraph): boolean => graph.ofType(TRAIL).some((trail) => isSure(() => faultOf(trail) === undefined)));

function records(trail: Resource, graph: TemplateGraph): readonly Outcome[] {
  const fault = faultOf(trail);
  if (fault === undefined) return PASS;
  return isCovered(graph) ? NOT_APPLICABLE : fail(trail.whole, `${fault}, so that nothing tells who read a secret or used a key: no other trail of the templates does`);
}

const callTrail = defineRule('AUD-6', 'call-trail', {
  appliesTo: [TRAIL],
  extent: 'trails of the templates; an account\'s own trail may stand elsewhere, as SEC-8 asks',
  remediation: 'Record management events, reads and AWS KMS among them, and validate log files. In CDK, CallTrail does.',
  check: (trail, graph) => all(
    () => records(trail, graph),
    () => expect(trail.prop('EnableLogFileValidation').flag() ?? false, trail.prop('EnableLogFileValidation'), 'is not true, so that nobody can tell whether its files were changed'),
  ),
});

export const AUD_CALL_RULES = [callTrail];
