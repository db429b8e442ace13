import { defineFamily } from './control';

export const CFG = defineFamily('Config and env profile validation', {
  'CFG-1': {
    title: 'ENV=production in production',
    severity: 'high',
    sources: ['NT-16', 'NT-74'],
  },
  'CFG-2': {
    title: 'DEBUG=false; LOG_LEVEL INFO or WARNING',
    severity: 'high',
    sources: ['NT-17', 'NT-18', 'NT-74', 'NT-86'],
  },
  'CFG-3': {
    title: 'Auth mode/provider legal for the profile',
    severity: 'critical',
    sources: ['TG-06', 'TG-07', 'NT-07', 'NT-08', 'NT-09', 'NT-10', 'NT-11', 'NT-19', 'TS-38'],
  },
  'CFG-4': {
    title: 'Required variable set complete for the profile',
    severity: 'high',
    sources: ['RC-01', 'CX-41', 'TG-01', 'NT-21', 'NT-22', 'NT-74', 'NT-75', 'NT-76', 'NT-77', 'NT-78'],
  },
  'CFG-5': {
    title: '`prod-check` command: synth rules + live preflight',
    severity: 'medium',
    sources: ['CX-21', 'CX-51'],
    unchecked: 'a command carries it out: doctor on what is deployed, and check on an env file',
  },
  'CFG-6': {
    title: 'Conflicting, duplicate, placeholder or malformed values refused',
    severity: 'high',
    sources: ['CX-41', 'TG-08', 'TG-11', 'TG-27', 'NT-26', 'NT-76', 'TS-03', 'TS-43'],
  },
  'CFG-7': {
    title: 'Variables whose app default is unsafe are always emitted',
    severity: 'critical',
    sources: ['CX-08', 'TG-16', 'TG-33'],
  },
  'CFG-8': {
    title: 'Documents that the sources point to but do not supply are replaced by our own',
    severity: 'low',
    sources: ['CX-74', 'TG-52', 'TG-59', 'NT-90'],
    unchecked: 'no template shows it: docs/coverage.md says of each row which page takes its place',
  },
});
