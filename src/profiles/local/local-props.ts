import type { LocalNodeToolAuth } from './local-nodetool-auth';
import type { LocalTgefdAuth } from './local-tgefd-auth';

/** A Cortex on one machine. */
export interface LocalCortexProps {
  /**
   * Which pages may call it from a browser, http too. Never `*`, not even here (CX-18).
   *
   * @default - `http://localhost:3001`, where the document has its page
   */
  readonly corsOrigins?: string[];

  /**
   * Whether any key is taken for a right one (CX-08, CX-42).
   *
   * @default false
   */
  readonly allowAllKeys?: boolean;

  /**
   * Whether callers are limited, by the figures of a deployment (CX-26, CX-30).
   *
   * @default true
   */
  readonly limits?: boolean;
}

/** A TGEFD on one machine. */
export interface LocalTgefdProps {
  /** How callers prove who they are. */
  readonly auth: LocalTgefdAuth;
}

/** A NodeTool on one machine, beside a PostgreSQL and a MinIO of the same composition. */
export interface LocalNodeToolProps {
  /** How people log in. */
  readonly auth: LocalNodeToolAuth;

  /**
   * Whether it says all that it does, to whoever calls and in its log (NT-17, NT-18).
   *
   * @default false
   */
  readonly debug?: boolean;

  /**
   * What the PostgreSQL is called in the composition.
   *
   * @default 'postgres'
   */
  readonly postgresHost?: string;

  /**
   * The bucket of the MinIO, which is asked at `http://minio:9000`.
   *
   * @default 'nodetool-assets'
   */
  readonly assetBucket?: string;
}

/** The part of tom that takes requests, on one machine. */
export interface LocalTomProps {
  /**
   * Whether a caller needs a key (TS-38). The shell gives the list of them, `TOM_CORE_API_KEYS`.
   *
   * @default true
   */
  readonly keys?: boolean;

  /**
   * The file with the credentials of devices, which each worker reads by itself: phase 1 of the document (TS-40).
   *
   * @default 'creds.yml'
   */
  readonly credentialFile?: string;
}
