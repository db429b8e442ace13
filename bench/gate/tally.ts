/** How many requests somebody has been sent, as far as the senders know. */
export class Tally {
  /** Whose answers came. */
  public answered = 0;
  /** Which may have been read, and were not waited for; infinite where nobody knows. */
  public unheard = 0;

  public add(answered: number, unheard = 0): void {
    this.answered += answered;
    this.unheard += unheard;
  }
}
