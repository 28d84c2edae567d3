/** The wish of a person to stop. Whoever runs something says here how that thing is stopped without loss. */
export class Interruption {
  private readonly stoppers = new Set<() => void>();
  private isRaised = false;

  public get raised(): boolean {
    return this.isRaised;
  }

  /** Asks everything that runs to stop; a second wish changes nothing, since Terraform must still write its state. */
  public raise(): void {
    if (this.isRaised) return;
    this.isRaised = true;
    for (const stop of this.stoppers) stop();
  }

  /** Registers how something is stopped; call what is returned once it has ended. */
  public whenRaised(stop: () => void): () => void {
    this.stoppers.add(stop);
    if (this.isRaised) stop();
    return () => this.stoppers.delete(stop);
  }
}
