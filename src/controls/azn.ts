import { defineFamily } from './control';

export const AZN = defineFamily('Authorization', {
  'AZN-1': {
    title: 'Path-to-scope map with exact match and default deny',
    severity: 'critical',
    sources: ['CX-04', 'CX-09', 'CX-10', 'CX-11', 'CX-12', 'TG-31'],
  },
  'AZN-2': {
    title: 'RBAC on; discover/evaluate/metrics/jobs scopes exist and are distinct',
    severity: 'high',
    sources: ['TG-05', 'TG-30', 'TG-31', 'TG-33', 'TG-34', 'TG-35', 'TG-36', 'TG-37'],
  },
  'AZN-3': {
    title: 'Role-to-scope mapping for admin, analyst, reader',
    severity: 'high',
    sources: ['TG-05', 'TG-40', 'TG-41', 'TG-42', 'TG-44', 'TG-45', 'TG-46'],
  },
  'AZN-4': {
    title: 'No wildcard scopes outside local',
    severity: 'high',
    sources: ['TG-43', 'TG-44'],
  },
  'AZN-5': {
    title: 'Scope/role source is trusted and its format canonical',
    severity: 'high',
    sources: ['CX-13', 'TG-32', 'TG-38', 'TG-39', 'TG-40', 'TG-41'],
  },
  'AZN-6': {
    title: 'Keys and clients get the least scope',
    severity: 'medium',
    sources: ['CX-04', 'CX-14'],
  },
});
