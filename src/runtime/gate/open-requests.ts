/** What is under way, so that a gate that stops knows when nothing is. */
export class OpenRequests {
  private count = 0;
  private readonly waiting: (() => void)[] = [];

  /** @returns what is to be called once it is over */
  public begin(): () => void {
    this.count += 1;
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.count -= 1;
      if (this.count === 0) this.waiting.splice(0).forEach((resolve) => resolve());
    };
  }

  public async whenNone(): Promise<void> {
    if (this.count > 0) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }
}
