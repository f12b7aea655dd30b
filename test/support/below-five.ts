// A count whose assertion fails in the sixth cycle.

import { assert, Module, output, uint } from '../../hdl/index.ts';

export class BelowFive extends Module {
  readonly p = this.io({ n: output(uint(8)) });
  readonly count = this.reg(uint(8), { reset: 0 });
  constructor() {
    super();
    this.count.set(this.count.addw(1));
    this.p.n.set(this.count);
    assert(this.count.lt(5), 'below five');
  }
}
