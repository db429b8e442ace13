import type { IncomingHttpHeaders } from 'node:http';
import type { AnswerUsage } from '../ports';

/** By which a Core tells the gate, and nobody else: they are taken out of the answer. */
export const USAGE_HEADERS = { model: 'x-core-model', promptTokens: 'x-core-prompt-tokens', completionTokens: 'x-core-completion-tokens' } as const;

const COUNT = /^\d{1,15}$/;

/** What the headers of an answer state; one that is there twice states nothing. */
export function headerUsage(headers: IncomingHttpHeaders): AnswerUsage {
  const model = headers[USAGE_HEADERS.model];
  const promptTokens = countOf(headers[USAGE_HEADERS.promptTokens]);
  const completionTokens = countOf(headers[USAGE_HEADERS.completionTokens]);
  return {
    ...(typeof model === 'string' && { model }),
    ...(promptTokens !== undefined && { promptTokens }),
    ...(completionTokens !== undefined && { completionTokens }),
  };
}

function countOf(value: string | readonly string[] | undefined): number | undefined {
  return typeof value === 'string' && COUNT.test(value) ? Number(value) : undefined;
}
