import { createHash } from 'crypto';
import { SarifBuilder, SarifResultBuilder, SarifRuleBuilder, SarifRunBuilder } from 'node-sarif-builder';
import { type AcknowledgedFinding, type Finding, type Judgement, sentence } from '../checks/finding';
import type { FindingSeverity } from '../checks/rule';
import { RULES } from '../checks/rules';
import { CONTROLS, type ControlSeverity } from '../controls';

/** Where a finding stands in a file. */
export interface FileLocation {
  /** Relative to where the check ran, or a whole URI. */
  readonly uri: string;
  /** Counted from 1; absent where the place cannot be found. */
  readonly line?: number;
}

export interface SarifOptions {
  /** Of this library. */
  readonly version: string;
  /** Undefined where the finding's template is in no file. */
  readonly locate: (finding: Finding) => FileLocation | undefined;
}

const LEVELS: Readonly<Record<FindingSeverity, 'error' | 'warning'>> = { fatal: 'error', error: 'error', warning: 'warning' };

/** Code hosts rank what is tagged `security` by such a score, in the bands of CVSS: critical from 9, high from 7, medium from 4. */
const SCORES: Readonly<Record<ControlSeverity, string>> = { critical: '9.5', high: '8.0', medium: '5.5', low: '2.0' };

/** The name by which code hosts know the folder they have checked out. A whole URI must not have one. */
const ROOT = '%SRCROOT%';

/** What code hosts and editors read. Acknowledged findings are in it, suppressed and with their reasons. */
export function toSarif({ findings, acknowledged }: Judgement, { version, locate }: SarifOptions): string {
  const run = new SarifRunBuilder().initSimple({ toolDriverName: 'cdk-secure-core', toolDriverVersion: version });
  const all = [...findings, ...acknowledged];
  for (const rule of [...packRules(), ...furtherRules(all)]) run.addRule(rule);
  run.run.artifacts = [...new Set(all.flatMap((finding) => locate(finding)?.uri ?? []))].map((uri) => ({ location: artifactAt(uri) }));
  const seen = new Map<string, number>();
  for (const finding of all) {
    const print = fingerprint(finding);
    const ordinal = (seen.get(print) ?? 0) + 1;
    seen.set(print, ordinal);
    run.addResult(result(finding, locate(finding), `${print}:${ordinal}`));
  }
  const log = new SarifBuilder({ $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json' });
  log.addRun(run);
  return `${log.buildSarifJsonString({ indent: true })}\n`;
}

/** Every rule, so that a reader knows what was looked at and not only what was found. */
function packRules(): SarifRuleBuilder[] {
  return RULES.map(({ id, control, extent, remediation, fatal }) => {
    const { title, severity } = CONTROLS[control];
    const part = extent === undefined ? '' : ` (checked: ${extent})`;
    const description = `${control}, ${severity}: ${title}${part}.${fatal === true ? ' Cannot be acknowledged.' : ''}`;
    return describedRule(id, title, description, remediation, { 'tags': ['security', control, severity], 'security-severity': SCORES[severity] });
  });
}

/** What the engine reports under ids of its own: undecidable outcomes, broken rules, what no rule can see into. */
function furtherRules(findings: readonly Finding[]): SarifRuleBuilder[] {
  const known = new Set<string>(RULES.map(({ id }) => id));
  const further = new Map(findings.filter(({ rule }) => !known.has(rule)).map((finding) => [finding.rule, finding]));
  return [...further.values()].map(({ rule, control, remediation }) => {
    const title = control === 'ENGINE' ? 'What the rules could not judge' : `${CONTROLS[control].title}: cannot be decided from the templates`;
    return describedRule(rule, title, `${title}.`, remediation, { 'tags': ['security', control], 'security-severity': SCORES[control === 'ENGINE' ? 'high' : CONTROLS[control].severity] });
  });
}

function describedRule(ruleId: string, title: string, description: string, help: string, properties: { readonly 'tags': string[]; readonly 'security-severity': string }): SarifRuleBuilder {
  const builder = new SarifRuleBuilder().initSimple({ ruleId, shortDescriptionText: title, fullDescriptionText: description });
  builder.rule.help = { text: help };
  builder.rule.properties = properties;
  return builder;
}

function result(finding: Finding | AcknowledgedFinding, at: FileLocation | undefined, print: string): SarifResultBuilder {
  const { rule, severity, stack, logicalId, path, constructPath, resourceType } = finding;
  const builder = new SarifResultBuilder().initSimple({ ruleId: rule, level: LEVELS[severity], messageText: `${sentence(finding)} Fix: ${finding.remediation}` });
  builder.result.locations = [{
    ...(at ? { physicalLocation: { artifactLocation: artifactAt(at.uri), ...(at.line === undefined ? {} : { region: { startLine: at.line } }) } } : {}),
    logicalLocations: [{ name: logicalId, fullyQualifiedName: `${constructPath ?? `${stack}/${logicalId}`}#${path}`, kind: resourceType === '' ? 'resource' : resourceType }],
  }];
  builder.result.partialFingerprints = { 'cdkSecureCore/v1': print };
  if ('reason' in finding) {
    builder.result.suppressions = [{
      // A template that answers for itself is what was judged; an app's construct is outside of it.
      kind: finding.acknowledgedBy === 'template' ? 'inSource' : 'external',
      status: 'accepted',
      justification: finding.reason,
    }];
  }
  return builder;
}

function artifactAt(uri: string): { uri: string; uriBaseId?: string } {
  return /^[a-z][a-z0-9+.-]*:/i.test(uri) ? { uri } : { uri, uriBaseId: ROOT };
}

/** The same for the same place under the same rule, whatever the message says by then or wherever the line has moved. */
function fingerprint({ rule, stack, logicalId, constructPath, path }: Finding): string {
  return createHash('sha256').update(JSON.stringify([rule, stack, constructPath ?? logicalId, path])).digest('hex').slice(0, 32);
}
