// Runs of bytes cut into bursts: INCR, of full width, at most so many beats, never across 4 KB.
//
// Timing: a run is taken while none is there or in the cycle in which the last burst of the one before is; its first burst is on `out` in the next cycle, then one a cycle. `drop` forgets the run.

import { bool, counterType, input, lit, Module, output, uint, when } from '../../hdl/index.ts';
import { min } from '../../hdl/std/choose.ts';
import { consumer, fires, producer } from '../../hdl/std/stream.ts';
import { ADDRESS_BITS, PAGE_BYTES } from './axi-ports.ts';
import { RUN_BITS } from './realigner.ts';

export interface BurstsConfig {
  /** Of a beat. */
  readonly bytes: number;
  /** Most beats of a burst. */
  readonly burst: number;
}

export class Bursts extends Module<BurstsConfig> {
  readonly p = this.io({
    run: consumer({ address: uint(ADDRESS_BITS), length: uint(RUN_BITS) }),
    /** `address` is that of its first byte; `len` is beats − 1, as AXI has it. */
    out: producer({ address: uint(ADDRESS_BITS), len: uint(8) }),
    drop: input(bool),
    active: output(bool),
  });
  readonly active = this.reg(bool, { reset: false });
  readonly address = this.reg(uint(ADDRESS_BITS));
  readonly beats = this.reg(counterType(Math.ceil((2 ** RUN_BITS + this.cfg.bytes) / this.cfg.bytes)));

  constructor(cfg: BurstsConfig) {
    super(cfg);
    const { bytes, burst } = cfg;
    this.describe(`Cuts runs of bytes into bursts of at most ${burst} beats of ${bytes} bytes.`);
    const { p, active, address, beats } = this;
    const byteBits = Math.log2(bytes);
    const page = PAGE_BYTES / bytes;
    const beat = address.shr(byteBits).named('beat');
    const toPage = lit(counterType(page), page)
      .subw(beat.trunc(Math.log2(page)))
      .named('to_page');
    const most = min(toPage, lit(counterType(page), Math.min(burst, page)));
    const now = min(beats, most).trunc(most.width).named('now');
    const last = beats.eq(now).named('last');
    p.out.valid.set(active);
    p.out.address.set(address);
    p.out.len.set(now.subw(1).trunc(Math.min(now.width, 8)));
    p.run.ready.set(active.not().or(p.out.ready.and(last)));
    when(fires(p.out), () => {
      address.set(beat.addw(now).shl(byteBits));
      beats.set(beats.subw(now));
      when(last, () => active.set(false));
    });
    when(fires(p.run), () => {
      const end = p.run.address.trunc(byteBits).add(p.run.length);
      active.set(true);
      address.set(p.run.address);
      beats.set(
        end
          .add(bytes - 1)
          .shr(byteBits)
          .trunc(beats.width),
      );
    });
    when(p.drop, () => active.set(false));
    p.active.set(active);
  }
}
