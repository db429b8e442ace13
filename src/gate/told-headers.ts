import type { GateOptions } from './gate-props';

/** The headers by which the Core is told, in lower case. */
export interface ToldHeaders {
  readonly identityHeader: string;
  readonly scopesHeader?: string;
  readonly keyHeader?: string;
}

/** With their defaults: C-07, and a bearer token for the gate's own key. */
export function toldHeaders({ identityHeader = 'x-auth-request-user', scopesHeader, coreKey }: Pick<GateOptions, 'identityHeader' | 'scopesHeader' | 'coreKey'>): ToldHeaders {
  return {
    identityHeader: identityHeader.toLowerCase(),
    scopesHeader: scopesHeader?.toLowerCase(),
    keyHeader: coreKey && (coreKey.header ?? 'authorization').toLowerCase(),
  };
}
