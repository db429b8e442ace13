import type { IncomingHttpHeaders } from 'node:http';
import type { AnswerUsage } from '../ports';
import { headerUsage } from './header-usage';
import { JsonUsage } from './json-usage';
import { SseUsage } from './sse-usage';

/** Reads along what the Core states about an answer of its own, and keeps nothing else of it. Never throws. */
export interface UsageReader {
  push(chunk: Buffer): void;
  /** To be called once, when all has been pushed. */
  read(): AnswerUsage;
}

const READERS = new Map<string, new (headers: IncomingHttpHeaders) => UsageReader>([['application/json', JsonUsage], ['text/event-stream', SseUsage]]);

/**
 * What an answer states about model and tokens (CX-61): in its headers (`USAGE_HEADERS`), which are the Core's own words to the gate, else in a body as OpenAI and Anthropic write it.
 *
 * A body that is compressed is not opened, since that would cost every caller what few of them need.
 */
export function usageReader(headers: IncomingHttpHeaders): UsageReader {
  const stated = headerUsage(headers);
  const isWhole = stated.model !== undefined && hasCounts(stated);
  const body = isWhole ? undefined : bodyReader(headers);
  return {
    push: (chunk) => body?.push(chunk),
    read: () => {
      const { model, ...counts } = body?.read() ?? {};
      // Counts of two sources would not belong together.
      return { ...(model !== undefined && { model }), ...(!hasCounts(stated) && counts), ...stated };
    },
  };
}

function hasCounts({ promptTokens, completionTokens }: AnswerUsage): boolean {
  return promptTokens !== undefined || completionTokens !== undefined;
}

function bodyReader(headers: IncomingHttpHeaders): UsageReader | undefined {
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') return undefined;
  const [type = ''] = (headers['content-type'] ?? '').split(';', 1);
  const Reader = READERS.get(type.trim().toLowerCase());
  return Reader && new Reader(headers);
}
