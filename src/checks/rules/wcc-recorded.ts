import { AUDIT_EVENT } from '../../audit/contract';
import { all, defineRule, each, expect, fail, type Outcome } from '../rule';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { isArchived } from './aud-shipped';
import { hasRecords } from './broker-configuration';
import { FUNCTIONS } from './variables';

/** Levels at which what a function writes is kept, if its lines are JSON (Lambda guide, "Configuring JSON and plain text log formats"). */
const KEEPS_RECORDS = ['TRACE', 'DEBUG', 'INFO'];

/** A level above a record's drops it before any subscription sees it. */
function keepsRecords(fn: Resource): readonly Outcome[] {
  const place = fn.prop('LoggingConfig').get('ApplicationLogLevel');
  const level = place.text() ?? 'INFO';
  return expect(KEEPS_RECORDS.includes(level), place, `is ${level}, so records (${AUDIT_EVENT}), which are INFO, are dropped`);
}

function goesToArchive(fn: Resource, graph: TemplateGraph): readonly Outcome[] {
  const place = fn.prop('LoggingConfig').get('LogGroup');
  if (!place.exists) return fail(place, `is not set, so records of ${fn.logicalId} end in a group of its own, which nothing takes them from`);
  return isArchived(place, fn.logicalId, graph);
}

const recorded = defineRule('WCC-6', 'recorded', {
  extent: 'brokers of the templates, and what revokes workers for them',
  appliesTo: FUNCTIONS,
  remediation: 'Set LoggingConfig.LogGroup to the log group of the audit trail, and leave ApplicationLogLevel at INFO. In CDK, CredentialBroker takes an AuditTrail.',
  check: (fn, graph) => each(hasRecords(fn) ? [fn] : [], () => all(() => goesToArchive(fn, graph), () => keepsRecords(fn))),
});

export const WCC_RECORDED_RULES = [recorded];
