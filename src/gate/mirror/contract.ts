/** What the construct of the key set mirror and its function have to agree on. */

/** The table's name. */
export const MIRROR_TABLE_VARIABLE = 'MIRROR_TABLE';

/** The key sets to mirror: a JSON list of URIs. */
export const MIRROR_URIS_VARIABLE = 'MIRROR_URIS';

/** How long a run may take at most; shorter than the time to the next. */
export const MIRROR_TIMEOUT_SECONDS = 30;
