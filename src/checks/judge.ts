import { CONTROLS } from '../controls';
import { type Acknowledgement, Acknowledgements } from './acknowledgements';
import type { AcknowledgedFinding, Finding, Judgement, RuleTally } from './finding';
import { PerTemplate } from './per-template';
import { type FindingSeverity, guarded, type Outcome, type Rule } from './rule';
import { RULES } from './rules';
import type { Resource } from './template/resource';
import { flatten, section, type Template } from './template/template';
import { graphsOf, type TemplateGraph } from './template/template-graph';
import { unreadableIn } from './unreadable';

export interface JudgeOptions {
  /** @default - only what the resources' own metadata acknowledges */
  readonly acknowledgements?: Acknowledgements;
  /** Values for the parameters of the outermost templates. @default - the parameters' own defaults */
  readonly parameters?: ReadonlyMap<string, string>;
  /** @default - every rule of the pack */
  readonly rules?: readonly Rule[];
}

type Verdict = 'pass' | 'undecidable' | 'fail';

interface Sighting {
  readonly finding: Finding;
  readonly resource: Resource;
  readonly worlds: Set<TemplateGraph>;
}

/** Judges templates with the pack: the one code path behind the plugin, the command line and the tests. */
export function judge(templates: readonly Template[], options: JudgeOptions = {}): Judgement {
  const rules = options.rules ?? RULES;
  const graphs = graphsOf(templates, options.parameters);
  const sightings = new PerTemplate<Sighting>();
  const statuses = new Map(rules.map((rule) => [rule, new PerTemplate<Verdict>()]));
  for (const { finding, resource } of templates.flatMap(flatten).flatMap(unreadableIn)) {
    for (const graph of graphs) note(sightings, finding, resource, graph);
  }
  for (const graph of graphs) {
    for (const rule of rules) {
      for (const resource of rule.appliesTo.flatMap((type) => graph.ofType(type))) {
        const outcomes = run(rule, resource, graph);
        if (outcomes.length > 0) record(statuses.get(rule), resource, outcomes);
        for (const outcome of outcomes) sight(sightings, rule, resource, graph, outcome);
      }
    }
  }
  const acknowledgements = options.acknowledgements ?? new Acknowledgements();
  const findings: Finding[] = [];
  const acknowledged: AcknowledgedFinding[] = [];
  for (const sighting of sightings.values()) {
    const finding = sighting.worlds.size < graphs.length ? inItsWorld(sighting) : sighting.finding;
    const answer = finding.severity === 'fatal' ? undefined : acknowledgements.find(finding.rule, sighting.resource);
    if (answer === undefined) findings.push(finding);
    else if (answer.reason.trim() === '') findings.push(withoutReason(finding, answer));
    else acknowledged.push({ ...finding, reason: answer.reason, acknowledgedAt: answer.at, acknowledgedBy: answer.by });
  }
  return {
    findings,
    acknowledged,
    tallies: rules.map((rule) => tally(rule, statuses.get(rule), acknowledged)),
    resources: templates.flatMap(flatten).reduce((sum, template) => sum + Object.keys(section(template, 'Resources')).length, 0),
    unjudgedTypes: unread(graphs),
  };
}

function run(rule: Rule, resource: Resource, graph: TemplateGraph): readonly (Outcome | Crash)[] {
  try {
    return guarded(() => rule.check(resource, graph));
  } catch (error) {
    return [{ kind: 'crash', name: error instanceof Error ? error.name : 'an unknown error' }];
  }
}

/** A rule that threw: reported under an id of its own, so that no acknowledgement of the rule can hide it. */
interface Crash {
  readonly kind: 'crash';
  readonly name: string;
}

function sight(sightings: PerTemplate<Sighting>, rule: Rule, resource: Resource, graph: TemplateGraph, outcome: Outcome | Crash): void {
  if (outcome.kind === 'pass') return;
  note(sightings, toFinding(rule, resource, outcome), resource, graph);
}

function note(sightings: PerTemplate<Sighting>, finding: Finding, resource: Resource, graph: TemplateGraph): void {
  const key = [finding.rule, finding.severity, finding.logicalId, finding.path, finding.message].join('\n');
  const known = sightings.get(resource.template, key);
  if (known) known.worlds.add(graph);
  else sightings.set(resource.template, key, { finding, resource, worlds: new Set([graph]) });
}

function toFinding(rule: Rule, resource: Resource, outcome: Exclude<Outcome, { kind: 'pass' }> | Crash): Finding {
  const place = {
    stack: resource.template.name,
    logicalId: resource.logicalId,
    resourceType: resource.type,
    ...(resource.constructPath === undefined ? {} : { constructPath: resource.constructPath }),
  };
  if (outcome.kind === 'crash') {
    return {
      control: 'ENGINE',
      rule: `engine.${rule.id}`,
      severity: 'fatal',
      ...place,
      path: 'Properties',
      message: `is not judged by ${rule.id}, which broke off with ${outcome.name}`,
      remediation: 'This is a defect of cdk-secure-core: report it with the resource that triggers it.',
    };
  }
  return {
    control: rule.control,
    rule: outcome.kind === 'undecidable' ? `${rule.id}[undecidable]` : rule.id,
    severity: severityOf(rule, outcome),
    ...place,
    path: placeWithin(resource, outcome.path),
    message: outcome.message,
    remediation: rule.remediation,
  };
}

/** A finding names its resource, so only a place in another one keeps its owner in front. */
function placeWithin({ logicalId }: Resource, path: string): string {
  return path.startsWith(`${logicalId}.`) ? path.slice(logicalId.length + 1) : path;
}

/** Critical and high controls fail the synth. What cannot be decided is as loud, but never fatal: it can be answered for. */
function severityOf(rule: Rule, outcome: Exclude<Outcome, { kind: 'pass' }>): FindingSeverity {
  const { severity } = CONTROLS[rule.control];
  const usual = severity === 'critical' || severity === 'high' ? 'error' : 'warning';
  if (outcome.kind === 'undecidable') return usual;
  return outcome.severity ?? (rule.fatal ? 'fatal' : usual);
}

function inItsWorld({ finding, worlds }: Sighting): Finding {
  const [graph] = worlds;
  return { ...finding, message: `${finding.message} (where ${graph?.assumptions ?? ''})` };
}

function withoutReason(finding: Finding, answer: Acknowledgement): Finding {
  return { ...finding, severity: 'fatal', message: `${finding.message}; it is acknowledged at ${answer.at || 'the app'} without a reason` };
}

const LOUDNESS: readonly Verdict[] = ['pass', 'undecidable', 'fail'];

function record(statuses: PerTemplate<Verdict> | undefined, { template, logicalId }: Resource, outcomes: readonly (Outcome | Crash)[]): void {
  const verdicts = outcomes.map((outcome): Verdict => (outcome.kind === 'crash' ? 'fail' : outcome.kind));
  const known = statuses?.get(template, logicalId) ?? 'pass';
  statuses?.set(template, logicalId, [...verdicts, known].reduce((a, b) => (LOUDNESS.indexOf(b) > LOUDNESS.indexOf(a) ? b : a)));
}

function tally(rule: Rule, statuses: PerTemplate<Verdict> | undefined, acknowledged: readonly AcknowledgedFinding[]): RuleTally {
  const count = (verdict: Verdict): number => (statuses?.values() ?? []).filter((status) => status === verdict).length;
  return {
    rule: rule.id,
    control: rule.control,
    pass: count('pass'),
    fail: count('fail'),
    undecidable: count('undecidable'),
    acknowledged: acknowledged.filter((finding) => finding.rule.replace('[undecidable]', '') === rule.id).length,
  };
}

/** A type is unread only if it is so in every world that has it. */
function unread(graphs: readonly TemplateGraph[]): string[] {
  const types = new Set(graphs.flatMap((graph) => graph.unreadTypes));
  for (const graph of graphs) {
    const unreadHere = graph.unreadTypes;
    graph.types.filter((type) => !unreadHere.includes(type)).forEach((type) => types.delete(type));
  }
  return [...types].sort();
}
