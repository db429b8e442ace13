import type { Redactor } from '../../shared/redactor';
import { isAddress } from '../../shared/redactor/addresses';

/** Names of models, with what stands around them: `ft:gpt-4o:acme::id`, `meta-llama/Llama-3.1-8B`, `claude-sonnet-4@20250514`. No sentence is one, since nothing in it is a blank. */
const MODEL = /^[A-Za-z0-9][\w.:/@+-]{0,127}$/;
/** Remembered: a Core has some, and what states more has none to remember. */
const MAX_MODELS = 256;

/** A model's name as a Core states it, unless it does not look like one, or looks like a credential or an address of a person: a Core may repeat what its caller asked for. */
export function stateableModel(redactor: Redactor): (model: string) => string | undefined {
  const known = new Set<string>();
  return (model) => {
    if (known.has(model)) return model;
    if (!MODEL.test(model) || redactor.text(model) !== model || isAddress(model)) return undefined;
    if (known.size < MAX_MODELS) known.add(model);
    return model;
  };
}
