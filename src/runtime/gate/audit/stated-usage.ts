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
const COUNTS: Readonly<Record<'promptTokens' | 'completionTokens' | 'totalTokens', readonly string[]>> = {
  promptTokens: ['prompt_tokens', 'input_tokens'],
  completionTokens: ['completion_tokens', 'output_tokens'],
  totalTokens: ['total_tokens'],
};

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
  const places = [root, ...AROUND.map((name) => memberOf(root, name))].filter(isJsonObject);
  return Object.assign({}, ...places.map(usageOf)) as AnswerUsage;
}

function usageOf(place: JsonObject): AnswerUsage {
  const model = memberOf(place, 'model');
  const usage = memberOf(place, 'usage');
  const counts = isJsonObject(usage) ? Object.entries(COUNTS).flatMap(([name, spellings]) => {
    const count = spellings.map((spelling) => memberOf(usage, spelling)).find(isCount);
    return count === undefined ? [] : [[name, count] as const];
  }) : [];
  return { ...(typeof model === 'string' && { model }), ...Object.fromEntries(counts) };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
