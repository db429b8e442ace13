import { credentialIn, DYNAMIC_SECRET, namesSecret, saysNothing } from '../../secrets/secret-shapes';
import { defineRule, fail, type Outcome, PASS, undecidable } from '../rule';
import { Property } from '../template/property';
import type { Resource } from '../template/resource';
import { OUTPUT } from '../template/scope';
import type { TemplateGraph } from '../template/template-graph';
import { Reference, secretsIn } from '../template/value';
import { PARAMETER } from './collectors';

/** Attributes that are a secret themselves (CloudFormation, "Return values" of each type). */
const SECRET_ATTRIBUTES: ReadonlyMap<string, string> = new Map([
  ['AWS::IAM::AccessKey', 'SecretAccessKey'],
  ['AWS::Cognito::UserPoolClient', 'ClientSecret'],
  ['AWS::AppSync::ApiKey', 'ApiKey'],
]);

const HOLE = /\$\{(\w+)\.(\w+)\}/g;

/** The first such attribute in a value, alone or within a text. */
function secretAttributeIn(place: Property, from: Resource, graph: TemplateGraph): string | undefined {
  const { value } = place;
  if (value instanceof Reference) return SECRET_ATTRIBUTES.get(value.resource.type) === value.attribute ? value.attribute : undefined;
  const holes = [...place.partialText().text.matchAll(HOLE)];
  const isSecret = (id: string, attribute: string): boolean => [...SECRET_ATTRIBUTES].some(([type, secret]) => (
    secret === attribute && graph.ofType(type).some(({ logicalId, template }) => logicalId === id && template === from.template)
  ));
  return holes.find(([, id = '', attribute = '']) => isSecret(id, attribute))?.[2];
}

/** Judges what is told by what it says, and by the name under which it stands; the message never repeats it. */
function tellsNothing(name: string, place: Property, from: Resource, graph: TemplateGraph): readonly Outcome[] {
  const { text, complete } = place.partialText();
  if (DYNAMIC_SECRET.test(text)) return fail(place, 'tells a secret that is fetched by dynamic reference');
  const [secret] = secretsIn(place.value);
  if (secret) return fail(place, `tells what the secret parameter ${secret.parameter} (NoEcho) holds`);
  const attribute = secretAttributeIn(place, from, graph);
  if (attribute !== undefined) return fail(place, `tells the attribute ${attribute}, which is a secret`);
  const credential = credentialIn(text);
  if (credential === 'written') return fail(place, 'tells something that looks like a credential');
  if (credential && !complete) return undecidable(place, 'tells a password that only a deployment knows');
  // An ARN says where a secret is, and not what it is.
  const isCalledOne = complete && namesSecret(name) && !saysNothing(text) && !text.startsWith('arn:');
  return isCalledOne ? fail(place, 'has the name of a secret and a value that is written out') : PASS;
}

const noSecrets = defineRule('RED-4', 'no-secret-exported', {
  appliesTo: [OUTPUT, PARAMETER],
  extent: 'outputs of stacks, and parameters of Systems Manager; what a command exports is redacted by it',
  remediation: 'Tell the ARN of the secret instead, and let whoever may read it fetch the value from Secrets Manager.',
  check(told, graph) {
    if (told.type === PARAMETER) return tellsNothing(told.prop('Name').partialText().text, told.prop('Value'), told, graph);
    // By its place in the template, where no resource has its name.
    return tellsNothing(told.logicalId, new Property(`Outputs.${told.logicalId}.Value`, told.prop('Value').value), told, graph);
  },
});

export const RED_EXPORT_RULES = [noSecrets];
