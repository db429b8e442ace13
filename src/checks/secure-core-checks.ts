import { type IPolicyValidationContext, type IPolicyValidationPlugin, type PolicyValidationPluginReport, type PolicyViolation, Stack, Validations } from 'aws-cdk-lib';
import { type IConstruct } from 'constructs';
import { Acknowledgements, NAMESPACE } from './acknowledgements';
import { type AcknowledgedFinding, type Finding, isAcceptable, sentence } from './finding';
import { judge } from './judge';
import { RULES } from './rules';
import { loadTemplate } from './template/load';
import { treeTemplates, withTreePaths } from './tree-templates';

/**
 * The checklist as a validation plugin, for any CDK app.
 *
 * Register it with `Validations.of(app).addPlugins(new SecureCoreChecks(app))`. It judges the synthesized templates, so
 * property overrides and raw resources are seen like anything else. Errors fail the synth, warnings do not. A finding is
 * acknowledged with `Validations.of(construct).acknowledge({ id: 'SecureCore::TLS-2.policy', reason })`; fatal ones are not.
 */
export class SecureCoreChecks implements IPolicyValidationPlugin {
  /** The namespace of the rule ids in reports and acknowledgements. */
  public readonly name: string = NAMESPACE;

  /** Every rule that the pack evaluates. */
  public readonly ruleIds?: string[] = RULES.map((rule) => rule.id);

  /**
   * @param scope what `validateScope` judges unless it is told otherwise. Kept for the signature that packs share.
   */
  public constructor(private readonly scope?: IConstruct) {}

  /**
   * Called by the CDK during synthesis, with the templates it has written.
   */
  public validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    const stacks = new Map(context.appConstruct.node.findAll().filter(Stack.isStack).map((stack) => [stack.node.path, stack]));
    const templates = context.stackTemplates.map(({ templatePath, stackConstructPath }) => {
      const template = loadTemplate(templatePath, stackConstructPath);
      const stack = stacks.get(stackConstructPath);
      return stack ? withTreePaths(template, stack) : template;
    });
    const { findings, acknowledged } = judge(templates, { acknowledgements: acknowledgementsIn(context.appConstruct) });
    // The CDK takes findings out that its own tree acknowledges, and writes them into its report with their reasons.
    const byTree = acknowledged.filter((finding) => finding.acknowledgedBy === 'construct');
    const byTemplate = acknowledged.filter((finding) => finding.acknowledgedBy === 'template');
    return { ...toReport([...findings, ...byTree]), metadata: Object.fromEntries(byTemplate.map(asEntry)) };
  }

  /**
   * Judges a construct tree without a synth, so that a unit test can. Aspects have not run.
   *
   * Findings that the tree acknowledges are left out of the violations and listed in the report's metadata.
   *
   * The whole app is looked at, since what is around a construct decides too; reported is what lies in the scope.
   *
   * @param scope the app, stage, stack or construct to judge. @default - the scope given to the constructor
   */
  public validateScope(scope?: IConstruct): PolicyValidationPluginReport {
    const judged = scope ?? this.scope;
    if (!judged) throw new Error('Name the scope to validate, here or in the constructor of SecureCoreChecks.');
    const { root, path } = judged.node;
    const { findings, acknowledged } = judge(treeTemplates(root), { acknowledgements: acknowledgementsIn(root) });
    const isWithin = ({ constructPath = '' }: Finding): boolean => `${constructPath}/`.startsWith(path === '' ? '' : `${path}/`);
    return { ...toReport(findings.filter(isWithin)), metadata: Object.fromEntries(acknowledged.filter(isWithin).map(asEntry)) };
  }
}

function asEntry(finding: AcknowledgedFinding): [string, string] {
  return [`acknowledged ${NAMESPACE}::${finding.rule} at ${finding.constructPath ?? finding.logicalId}`, finding.reason];
}

function acknowledgementsIn(root: IConstruct): Acknowledgements {
  const found = new Acknowledgements();
  for (const construct of root.node.findAll()) {
    for (const entry of construct.node.metadata) {
      if (entry.type !== Validations.ACKNOWLEDGED_RULES_METADATA_KEY) continue;
      for (const [id, reason] of Object.entries(entry.data as Record<string, string>)) found.add(construct.node.path, id, reason);
    }
  }
  return found;
}

/** One violation for a rule and a sentence, with every resource that it is about. The CDK prints the sentence and not the place. */
function toReport(findings: readonly Finding[]): PolicyValidationPluginReport {
  const violations = new Map<string, PolicyViolation>();
  for (const finding of findings) {
    const description = sentence(finding);
    const key = [finding.rule, finding.severity, description].join('\n');
    const resource = {
      locations: [finding.path],
      // The CDK asks for one of the two: the path where it is known, else what it can look the path up by.
      ...(finding.constructPath === undefined ? { resourceLogicalId: finding.logicalId } : { constructPath: finding.constructPath }),
    };
    const known = violations.get(key);
    violations.set(key, {
      ruleName: finding.rule,
      description,
      severity: finding.severity,
      fix: finding.remediation,
      ruleMetadata: { control: finding.control },
      violatingResources: [...(known?.violatingResources ?? []), resource],
    });
  }
  return {
    success: isAcceptable(findings),
    violations: [...violations.values()],
  };
}
