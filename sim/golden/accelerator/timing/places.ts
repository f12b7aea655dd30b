// The places of a walk in order.

/** As pairs of an outer and an inner place. */
export class Places {
  active = false;
  inner = 0;
  outer = 0;
  #inners = 0;
  #outers = 0;

  begin(inners: number, outers: number): void {
    [this.inner, this.outer, this.#inners, this.#outers] = [0, 0, inners, outers];
    this.active = true;
  }

  /** All inner dimensions are at their last place. */
  get isLast(): boolean {
    return this.inner === this.#inners - 1;
  }
  /** All dimensions are. */
  get isFinal(): boolean {
    return this.isLast && this.outer === this.#outers - 1;
  }

  step(): void {
    if (!this.isLast) this.inner++;
    else {
      this.active = !this.isFinal;
      this.inner = 0;
      this.outer++;
    }
  }
}
