/** Providers of models that the guides name, for `Egress.providers`. */
export enum LlmProvider {
  /** `OPENAI_API_KEY`. */
  OPENAI = 'OPENAI',

  /** `ANTHROPIC_API_KEY`. */
  ANTHROPIC = 'ANTHROPIC',

  /** `GEMINI_API_KEY`, Google's Gemini API. Vertex AI has other hosts. */
  GEMINI = 'GEMINI',

  /** `HF_TOKEN`. */
  HUGGING_FACE = 'HUGGING_FACE',

  /** `REPLICATE_API_TOKEN`. */
  REPLICATE = 'REPLICATE',

  /** `FAL_API_KEY`. */
  FAL = 'FAL',

  /** `ELEVENLABS_API_KEY`. */
  ELEVENLABS = 'ELEVENLABS',
}

/**
 * The hosts that a provider's own client reaches unless it is told another, as the sources of these clients name them: openai-node,
 * anthropic-sdk-typescript, js-genai, huggingface_hub, replicate-javascript, fal-js, elevenlabs-js.
 *
 * None was dialled from behind a firewall of ours. No provider was found to list its hosts. From examples and tests of their clients alone come
 * where Replicate streams (`stream.replicate.com`) and keeps results (`replicate.delivery`), and where fal takes and keeps files (`.fal.media`).
 * Hosts of other regions, such as `api.eu.residency.elevenlabs.io`, are for `Egress.allowDomains`.
 */
export const PROVIDER_DOMAINS: Readonly<Record<LlmProvider, readonly string[]>> = {
  [LlmProvider.OPENAI]: ['api.openai.com'],
  [LlmProvider.ANTHROPIC]: ['api.anthropic.com'],
  [LlmProvider.GEMINI]: ['generativelanguage.googleapis.com'],
  // https://huggingface.co/.well-known/meta.json lists the hosts that serve files; all are below hf.co.
  [LlmProvider.HUGGING_FACE]: ['huggingface.co', 'router.huggingface.co', '.hf.co'],
  [LlmProvider.REPLICATE]: ['api.replicate.com', 'stream.replicate.com', 'replicate.delivery'],
  [LlmProvider.FAL]: ['fal.run', 'queue.fal.run', 'rest.fal.ai', '.fal.media'],
  [LlmProvider.ELEVENLABS]: ['api.elevenlabs.io'],
};
