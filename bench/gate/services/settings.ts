/** The variable that holds what follows, as JSON. */
export const SETTINGS_VARIABLE = 'BENCH_SETTINGS';

/** What the bench's own services are told. Keys and limits they take from where the gate does. */
export interface ServiceSettings {
  /** Whose service it is: each counts for himself. */
  readonly owner: string;
  readonly port: number;
  readonly corePort: number;
  readonly table: { readonly name: string; readonly region: string };
  readonly redis: { readonly host: string; readonly port: number; readonly user: string; readonly password: string; readonly caPem: string };
  /** Of the Fastify proxy's front. */
  readonly key: string;
  readonly cert: string;
}

export function readSettings(): ServiceSettings {
  return JSON.parse(process.env[SETTINGS_VARIABLE] ?? '') as ServiceSettings;
}
