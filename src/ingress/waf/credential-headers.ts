/** Headers that hold credentials wherever they stand: tokens, sessions, API keys (RED-5, RC-05, TS-02). */
export const CREDENTIAL_HEADERS: readonly string[] = ['authorization', 'cookie', 'x-api-key'];
