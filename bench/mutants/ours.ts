import type { ControlId } from '../../src/controls';
import { judge } from '../../src/checks/judge';
import type { Finding } from '../../src/checks/finding';
import { guarded, NOT_APPLICABLE, type Rule } from '../../src/checks/rule';
import { RULES } from '../../src/checks/rules';
import { isJsonMap, type Json, section, type Template } from '../../src/checks/template/template';
import { TemplateGraph } from '../../src/checks/template/template-graph';
import type { Mutant } from './mutant';

const keyOf = ({ rule, severity, logicalId, path, message }: Finding): string => [rule, severity, logicalId, path, message].join('\n');

/** What the pack finds in a template, acknowledged findings left out. */
export function findingsIn(template: Template): readonly Finding[] {
  return judge([template]).findings;
}

/** The ids of the resources for which a rule read the properties of a resource. */
type Readers = ReadonlyMap<Rule, ReadonlySet<string>>;

/**
 * Judges the mutants of one template, each by no more than can see its fault.
 *
 * A rule is a function of which resources there are and of the properties that it reads. So where a mutant changes the properties of one
 * resource and nothing else, a rule comes to what it came to in the base at every resource for which it did not read those properties there:
 * it goes the same way until it reads them, and never does. A mutant that changes anything else is judged by all rules.
 */
export class MutantJudge {
  private readonly known: ReadonlySet<string>;
  private readonly rules = new Map<string, readonly Rule[]>();
  private traced?: ReadonlyMap<string, Readers>;

  public constructor(private readonly base: Template) {
    this.known = new Set(findingsIn(base).map(keyOf));
  }

  /** The control of the first finding that a mutant has and its base has not; nothing for a survivor. */
  public killedBy({ template }: Mutant): ControlId | 'ENGINE' | undefined {
    const changed = this.changedIn(template);
    const { findings } = judge([template], changed === undefined ? {} : { rules: this.rulesThatRead(changed) });
    return findings.find((finding) => !this.known.has(keyOf(finding)))?.control;
  }

  /** The one resource whose properties differ, where that is all that does. Mutants share with their base what they leave alone. */
  private changedIn({ body }: Template): string | undefined {
    // A condition may come to light, or not, by what is changed: then other resources are there.
    const sections = Object.keys(this.base.body).filter((name) => name !== 'Resources');
    if (sections.includes('Conditions') || Object.keys(body).length !== sections.length + 1 || sections.some((name) => body[name] !== this.base.body[name])) return undefined;
    const [before, after] = [section(this.base, 'Resources'), section({ name: '', body }, 'Resources')];
    if (Object.keys(after).join() !== Object.keys(before).join()) return undefined;
    const [changed, ...others] = Object.keys(after).filter((id) => after[id] !== before[id]);
    return changed !== undefined && others.length === 0 && differInProperties(before[changed], after[changed]) ? changed : undefined;
  }

  private rulesThatRead(logicalId: string): readonly Rule[] {
    this.traced ??= trace(this.base);
    const known = this.rules.get(logicalId) ?? [...this.traced.get(logicalId) ?? []].map(([rule, judged]): Rule => ({
      ...rule, check: (resource, graph) => (judged.has(resource.logicalId) ? rule.check(resource, graph) : NOT_APPLICABLE),
    }));
    this.rules.set(logicalId, known);
    return known;
  }
}

function differInProperties(before: Json | undefined, after: Json | undefined): boolean {
  if (!isJsonMap(before) || !isJsonMap(after)) return false;
  return [...Object.keys(before), ...Object.keys(after)].every((key) => key === 'Properties' || before[key] === after[key]);
}

/** Who reads the properties of each resource. Each check has a graph to itself, so that it reads by itself what another one would have remembered for it. */
function trace(template: Template): ReadonlyMap<string, Readers> {
  const readers = new Map<string, Map<Rule, Set<string>>>();
  const all = new TemplateGraph([template]);
  for (const rule of RULES) {
    for (const { logicalId } of rule.appliesTo.flatMap((type) => all.ofType(type))) {
      for (const read of readBy(rule, logicalId, new TemplateGraph([template]))) {
        const own = readers.get(read) ?? new Map<Rule, Set<string>>();
        readers.set(read, own.set(rule, (own.get(rule) ?? new Set()).add(logicalId)));
      }
    }
  }
  return readers;
}

function readBy(rule: Rule, logicalId: string, graph: TemplateGraph): readonly string[] {
  const resources = graph.types.flatMap((type) => graph.ofType(type));
  resources.filter((resource) => resource.logicalId === logicalId).forEach((resource) => guarded(() => rule.check(resource, graph)));
  return resources.filter((resource) => resource.wasRead).map((resource) => resource.logicalId);
}
