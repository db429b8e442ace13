import { isJsonMap, type Json, type JsonMap, section, type Template } from '../../src/checks/template/template';
import { AUDIT_FAULTS } from './faults/audit';
import { EDGE_FAULTS } from './faults/edge';
import { EGRESS_FAULTS } from './faults/egress';
import type { Fault } from './faults/fault';
import { GATE_FAULTS } from './faults/gate';
import { IDENTITY_FAULTS } from './faults/identity';
import { MODEL_FAULTS } from './faults/models';
import { NETWORK_FAULTS } from './faults/network';
import { RECOVERY_FAULTS } from './faults/recovery';
import { REDACTION_FAULTS } from './faults/redaction';
import { SECRET_FAULTS } from './faults/secrets';
import { VARIABLE_FAULTS } from './faults/variables';
import { WEB_ACL_FAULTS } from './faults/web-acl';
import { WORKER_FAULTS } from './faults/workers';
import { WORKLOAD_FAULTS } from './faults/workload';
import { at, changed } from './json';
import type { Mutant } from './mutant';

/** The mistakes that the catalogue names and the property schema does not lead to. */
export const NAMED_FAULTS: readonly Fault[] = [
  ...EDGE_FAULTS, ...IDENTITY_FAULTS, ...WEB_ACL_FAULTS, ...NETWORK_FAULTS, ...EGRESS_FAULTS, ...WORKLOAD_FAULTS, ...GATE_FAULTS, ...SECRET_FAULTS, ...AUDIT_FAULTS,
  ...REDACTION_FAULTS, ...RECOVERY_FAULTS, ...VARIABLE_FAULTS, ...MODEL_FAULTS, ...WORKER_FAULTS,
];

/** Every place of a template at which one of them can be made, as a template each. */
export function faultsOf(template: Template, faults: readonly Fault[] = NAMED_FAULTS): readonly Mutant[] {
  return faults.flatMap((fault) => Object.entries(section(template, 'Resources')).flatMap(([logicalId, resource]) => {
    const properties = isJsonMap(resource) && isJsonMap(resource.Properties) ? resource.Properties : {};
    if (!isJsonMap(resource) || resource.Type !== fault.type || fault.when?.(properties) === false) return [];
    const body = broken(template.body, logicalId, properties, fault) as JsonMap;
    if (JSON.stringify(body) === JSON.stringify(template.body)) return [];
    const place = 'path' in fault ? ['Properties', ...fault.path].join('.') : 'Properties';
    const id = `${template.name}/${logicalId}/${place}#${fault.name}`;
    return [{ id, stack: template.name, logicalId, type: fault.type, path: place, operator: fault.name, control: fault.control, template: { ...template, body } }];
  }));
}

function broken(body: JsonMap, logicalId: string, properties: JsonMap, fault: Fault): Json {
  if ('path' in fault) return changed(body, ['Resources', logicalId, 'Properties', ...fault.path], () => fault.change(at(properties, fault.path)));
  if ('told' in fault) return changed(body, ['Outputs', `${logicalId}Fault`], () => ({ Value: fault.told(logicalId) }));
  return changed(body, ['Resources', `${logicalId}Fault`], () => fault.beside(logicalId, properties));
}
