import { type CollectionTag, parseDocument, type ScalarTag } from 'yaml';

/** Short forms whose long form has no `Fn::` in front. */
const BARE = new Set(['Ref', 'Condition']);

const SHORT_FORMS = [
  'And', 'Base64', 'Cidr', 'Condition', 'Contains', 'EachMemberEquals', 'EachMemberIn', 'Equals', 'FindInMap', 'ForEach', 'GetAZs', 'GetAtt', 'If',
  'ImportValue', 'Join', 'Length', 'Not', 'Or', 'Ref', 'RefAll', 'Select', 'Split', 'Sub', 'ToJsonString', 'Transform', 'ValueOf', 'ValueOfAll',
];

function longForm(name: string, argument: unknown): Record<string, unknown> {
  // `!GetAtt Resource.Some.Attribute` names the resource before the first dot.
  if (name === 'GetAtt' && typeof argument === 'string') {
    const dot = argument.indexOf('.');
    return { 'Fn::GetAtt': dot < 0 ? [argument] : [argument.slice(0, dot), argument.slice(dot + 1)] };
  }
  return { [BARE.has(name) ? name : `Fn::${name}`]: argument };
}

function tagsOf(name: string): (ScalarTag | CollectionTag)[] {
  const tag = `!${name}`;
  return [
    { tag, resolve: (text: string) => longForm(name, text) },
    { tag, collection: 'seq', resolve: (items: { toJSON(): unknown }) => longForm(name, items.toJSON()) },
    { tag, collection: 'map', resolve: (entries: { toJSON(): unknown }) => longForm(name, entries.toJSON()) },
  ] as (ScalarTag | CollectionTag)[];
}

/** Reads YAML as CloudFormation writes it, short-form intrinsics included. Throws an Error of one line. */
export function parseCloudFormationYaml(text: string): unknown {
  // A quieter level drops every document after the first without a word.
  const document = parseDocument(text, { customTags: SHORT_FORMS.flatMap(tagsOf), merge: true, logLevel: 'error' });
  const [error] = document.errors;
  if (error?.code === 'MULTIPLE_DOCS') throw new Error('it holds more than one document');
  if (error) throw new Error(error.message.split('\n')[0]?.replace(/:$/, '') ?? 'unreadable');
  return document.toJS() as unknown;
}
