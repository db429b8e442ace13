import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { isJsonMap, type Json, type JsonMap } from '../../../checks/template/template';
import { credentialIn } from '../../../secrets/secret-shapes';
import type { Saboteur } from '../../attack';
import { isAsked } from '../../emulator/asked';
import { mapOf } from '../../json';
import { resourcesOf } from '../../saboteurs';
import { defineKeepingAttack, resourcesIn } from '../attack';
import { partsOf, type ReadText, secretArn, valueOf } from '../reading';
import type { KeepingScene } from '../scene';
import { SECRET } from '../types';

const PARAMETER = 'AWS::SSM::Parameter';

/** By which CloudFormation puts the value of a secret in its place. */
const fetched = (logicalId: string): JsonMap => ({ 'Fn::Join': ['', ['{{resolve:secretsmanager:', { Ref: logicalId }, ':SecretString}}']] });

/** One for each secret of the template, beside everything else in a section; undefined where there is none. */
function telling(name: string, add: (template: JsonMap, entries: Readonly<Record<string, JsonMap>>) => JsonMap): Saboteur {
  return {
    name,
    sabotage: (template) => {
      const secrets = Object.entries(resourcesOf(template)).filter(([, resource]) => isJsonMap(resource) && resource.Type === SECRET).map(([logicalId]) => logicalId);
      return secrets.length === 0 ? undefined : add(template, Object.fromEntries(secrets.map((logicalId) => [`DrillTells${logicalId}`, fetched(logicalId)])));
    },
  };
}

const mapped = (entries: Readonly<Record<string, JsonMap>>, entry: (Value: JsonMap) => Json): JsonMap => Object.fromEntries(Object.entries(entries).map(([name, value]) => [name, entry(value)]));

const IN_OUTPUTS = telling('outputs tell every secret', (template, entries) => (
  { ...template, Outputs: { ...mapOf(template.Outputs), ...mapped(entries, (Value) => ({ Value })) } }
));
const IN_PARAMETERS = telling('parameters of Systems Manager hold every secret', (template, entries) => (
  { ...template, Resources: { ...resourcesOf(template), ...mapped(entries, (Value) => ({ Type: PARAMETER, Properties: { Type: 'String', Value } })) } }
));

/** What stacks tell whoever may describe them, and what stands in parameters that are not encrypted. What the drill itself asks of a stack is none of its own. */
async function toldBy(scene: KeepingScene): Promise<readonly ReadText[]> {
  const { Stacks = [] } = await scene.aws.cloudFormation.send(new DescribeStacksCommand({}));
  const outputs = Stacks.flatMap(({ Outputs = [] }) => Outputs).filter(({ OutputKey = '' }) => !isAsked(OutputKey));
  return [
    ...outputs.map(({ OutputKey = '', OutputValue = '' }) => ({ name: `The output ${OutputKey}`, text: OutputValue })),
    ...scene.graph.ofType(PARAMETER).map((parameter) => ({ name: `The parameter ${parameter.logicalId}`, text: String(scene.propertiesOf(parameter).Value) })),
  ];
}

/** Whether CloudFormation is asked to put the secret there; an engine that does not, leaves its words. */
function isFetched(text: string, arn: string): boolean {
  const [, from = ''] = /\{\{resolve:secretsmanager:(.+?):SecretString/.exec(text) ?? [];
  return from !== '' && (from === arn || arn.includes(`:secret:${from}-`));
}

export const EXPORTED_ATTACKS = [
  defineKeepingAttack('RED-4', 'told', {
    tries: 'Reads the outputs of every stack and every parameter that is not encrypted, and looks for the value of the secret and for anything that looks like a credential',
    expects: 'Neither is there. What `cdk-secure-core export` writes has tests of its own.',
    evidence: 'template-intent',
    needs: 'secret',
    targets: (model) => resourcesIn(model, [SECRET]),
    run: async (target, scene) => {
      const arn = secretArn(scene, scene.now(target));
      const parts = partsOf(await valueOf(scene.aws, arn) ?? '');
      const texts = await toldBy(scene);
      scene.note(`${texts.length} texts were read.`);
      const found = texts.find(({ text }) => isFetched(text, arn) || credentialIn(text) === 'written' || parts.some((part) => text.includes(part)));
      return found ? { verdict: 'succeeded', saw: `${found.name} tells a secret to whoever may describe it.` } : { verdict: 'withstood', saw: `None of ${texts.length} texts tells it.` };
    },
    saboteurs: [IN_OUTPUTS, IN_PARAMETERS],
  }),
] as const;
