/**
 * Where values are kept. What a broker needs of a store is this and no more, so that another one (Vault's KV, version 2) is one more class like those beside this file.
 *
 * Held to by test/runtime/broker/stores/contract.ts.
 */
export interface ValueStore {
  /**
   * The value as it is now: nothing is remembered, so that a new one holds at once, and each read stands in the store's own trail.
   *
   * Nothing where there is no text that is kept as a secret. Throws where the store does not answer, knows no such place, or does not let the broker read it.
   *
   * @param place what the store knows it by
   */
  read(place: string): Promise<string | undefined>;
}
