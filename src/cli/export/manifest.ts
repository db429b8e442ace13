import { z } from 'zod';
import { UsageError } from '../usage-error';

const ENTRY = z.strictObject({ name: z.string().min(1), value: z.string(), hadToken: z.boolean() });
const CONTAINER = z.strictObject({
  /** Service and container, as the stack calls them. */
  path: z.string().min(1),
  image: z.string(),
  entries: z.array(ENTRY),
  /** Where secret entries come from; no value. */
  secrets: z.record(z.string(), z.string()),
});
const KEY = z.strictObject({
  id: z.string(), owner: z.string(), scopes: z.array(z.string()), createdAt: z.string(), validUntil: z.string(),
  state: z.enum(['valid', 'expired', 'revoked']), key: z.string(), hadToken: z.literal(true),
});
const MANIFEST = z.strictObject({
  format: z.literal('cdk-secure-core/export'),
  version: z.literal(1),
  stack: z.string(),
  exportedAt: z.string(),
  containers: z.array(CONTAINER),
  gates: z.array(z.strictObject({ path: z.string(), configuration: z.unknown(), redacted: z.array(z.string()), keys: z.array(KEY) })),
});

/** What an export writes: the configuration of a deployment, and of what is secret that it was there (RED-4). */
export type Manifest = z.infer<typeof MANIFEST>;
export type ManifestContainer = Manifest['containers'][number];
export type ManifestKey = Manifest['gates'][number]['keys'][number];

export function manifestFrom(text: string, file: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(text) as unknown;
  } catch {
    // The parser's own message quotes what it met.
    throw new UsageError(`${file} is not JSON: give what cdk-secure-core export has written.`);
  }
  const result = MANIFEST.safeParse(value);
  if (result.success) return result.data;
  throw new UsageError(`${file} is not what cdk-secure-core export writes: look at ${result.error.issues[0]?.path.join('.') || 'the whole of it'}.`);
}
