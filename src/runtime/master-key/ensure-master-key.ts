/** What is asked of the secret. There is no way to read a value. */
export interface MasterKeySecret {
  /** Whether a version is labelled AWSCURRENT. */
  hasValue(): Promise<boolean>;
  /** Puts the first value. `there-already` where one was put meanwhile, which stays as it is. */
  putFirst(value: string): Promise<'put' | 'there-already'>;
}

/** A Fernet key: 32 random bytes in base64 with the alphabet of URLs, padded to 44 characters (NT-13). */
const KEY_BYTES = 32;

/**
 * Fills the key if and only if there is none. Another value would make unreadable for ever what was encrypted by the first (C-29), so the function can neither
 * replace one nor, having no right to read, tell it to anybody (C-35).
 */
export async function ensureMasterKey(secret: MasterKeySecret, randomBytes: (size: number) => Buffer): Promise<'made' | 'kept'> {
  if (await secret.hasValue()) return 'kept';
  const key = randomBytes(KEY_BYTES).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
  return await secret.putFirst(key) === 'put' ? 'made' : 'kept';
}
