import type { Tone } from '../cells';
import { html, type Html } from './html';

/** What stands beside the colour, for those who do not see it. */
export const MARKS: Readonly<Record<Tone, string>> = { good: '✓', bad: '✗', open: '?', none: '–' };

export const TONE_NAMES: Readonly<Record<Tone, string>> = { good: 'holds', bad: 'broken', open: 'open', none: 'no verdict' };

export function mark(tone: Tone): Html {
  return html`<span class="mark" aria-hidden="true">${MARKS[tone]}</span>`;
}

export function badge(tone: Tone, says: string): Html {
  return html`<span class="badge ${tone}">${mark(tone)} ${says}</span>`;
}

/** A list under a heading; nothing where there is nothing to list. */
export function list(heading: string, items: readonly Html[]): Html | undefined {
  return items.length === 0 ? undefined : html`<section><h3 class="small">${heading}</h3><ul>${items.map((item) => html`<li>${item}</li>`)}</ul></section>`;
}

export function place({ stack, logicalId, constructPath }: { readonly stack: string; readonly logicalId: string; readonly constructPath?: string }): Html {
  return html`<code>${stack}/${logicalId}</code>${constructPath === undefined ? undefined : html` <span class="soft">(${constructPath})</span>`}`;
}
