/**
 * What begins a choice of the profile's metadata, where callers stand behind an edge and NodeTool knows one token: the variable that it reads the token from. Nobody
 * documents what that is called, so that a rule finds it here.
 */
export const STATIC_TOKEN = 'static-token:';

/** What begins another one: why one token for everybody is enough, in a sentence (NT-10). */
export const STATIC_REASON = 'static-reason:';
