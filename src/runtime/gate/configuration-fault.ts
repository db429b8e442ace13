import type { z } from 'zod';

/** Names that may stand in a message. Others come from whoever wrote the configuration, and may hold anything. */
const NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/;

export interface Fault {
  readonly path: readonly PropertyKey[];
  /** What is wanted there; our words, or names from our own schema. */
  readonly demand: string;
}

/** Where it is, as in JavaScript: `GATE_CONFIGURATION.identity.tokens[0].issuer`. */
export function placeOf(path: readonly PropertyKey[]): string {
  return path.map((part, index) => {
    if (typeof part === 'number') return `[${part}]`;
    const name = String(part);
    if (!NAME.test(name)) return '[…]';
    return index === 0 ? name : `.${name}`;
  }).join('');
}

/** The first thing that is wrong, without what was there instead: that may be a secret in the wrong place. */
export function firstFault(issues: readonly z.core.$ZodIssue[]): Fault {
  const [issue] = issues;
  if (issue === undefined) return { path: [], demand: 'is not understood' };
  if (issue.code === 'unrecognized_keys') return { path: [...issue.path, issue.keys[0] ?? ''], demand: 'is not known; remove it' };
  return { path: issue.path, demand: demandOf(issue) };
}

function demandOf(issue: z.core.$ZodIssue): string {
  // Of an absent property zod says no more than that it is of the wrong type, or none of the values.
  if (issue.input === undefined && issue.code !== 'custom') return 'is missing';
  switch (issue.code) {
    case 'invalid_type': return `must be of type ${issue.expected}`;
    case 'invalid_value': return `must be one of ${issue.values.map(String).join(', ')}`;
    case 'invalid_union': return 'must be one of the kinds that the contract names';
    case 'custom':
    case 'too_small':
    case 'too_big':
    case 'invalid_format':
    case 'not_multiple_of':
    case 'invalid_key':
    case 'invalid_element':
    case 'unrecognized_keys':
      return issue.message;
  }
}
