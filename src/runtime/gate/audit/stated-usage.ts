import { isJsonObject, memberOf, type JsonObject } from '../../shared/json-object';
import type { AnswerUsage } from '../ports';

/** A body, or an event, that is longer states nothing: the gate's memory is not for answers. */
export const MAX_STATEMENT_BYTES = 65_536;

/** Without it nothing is parsed. */
export const USAGE_MARK = '"usage"';
/** OpenAI says `"usage":null` in all events but the last. */
const USAGE_OBJECT = /"usage"\s*:\s*\{/;

/** Where usage stands: in OpenAI's completions at the top, in events of its Responses and of Anthropic's Messages one below. */
const AROUND = ['response', 'message'];
/** OpenAI's completions, then its Responses and Anthropic. */
const COUNTS = [
  ['promptTokens', ['prompt_tokens', 'input_tokens']],
  ['completionTokens', ['completion_tokens', 'output_tokens']],
  ['totalTokens', ['total_tokens']],
] as const satisfies readonly (readonly [keyof AnswerUsage, readonly string[]])[];

type Stated = { -readonly [Name in keyof AnswerUsage]: AnswerUsage[Name] };

/** What a JSON document states; what models say stands in it as texts, which are not looked into. */
export function statedUsage(json: string): AnswerUsage {
  if (!USAGE_OBJECT.test(json)) return {};
  let root: unknown;
  try {
    root = JSON.parse(json);
  } catch {
    return {};
  }
  if (!isJsonObject(root)) return {};
  const stated: Stated = {};
  state(stated, root);
  for (const name of AROUND) {
    const place = memberOf(root, name);
    if (isJsonObject(place)) state(stated, place);
  }
  return stated;
}

/** What a later place states, stands. */
function state(stated: Stated, place: JsonObject): void {
  const model = memberOf(place, 'model');
  const usage = memberOf(place, 'usage');
  if (typeof model === 'string') stated.model = model;
  if (!isJsonObject(usage)) return;
  for (const [name, spellings] of COUNTS) {
    for (const spelling of spellings) {
      const count = memberOf(usage, spelling);
      if (!isCount(count)) continue;
      stated[name] = count;
      break;
    }
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
