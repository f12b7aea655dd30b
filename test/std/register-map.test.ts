// Register banks against a model of memory with strobes, under random stalls on all five channels; the header compiled by a C compiler.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bool, elaborate, flip, input, Module, output, uint } from '../../hdl/index.ts';
import { axiLite, cHeader, checkRegisterMap, RegisterBank, type RegisterMap, registerBank, registerMarkdown } from '../../hdl/std/index.ts';
import { Bench, type Cycle, Random } from './bench.ts';

const timer = {
  name: 'dmaTimer',
  doc: 'A timer.',
  addressWidth: 6,
  registers: {
    control: {
      offset: 0,
      doc: 'What it does.',
      fields: {
        enable: { access: 'rw', lsb: 0, doc: 'Runs.' },
        start: { access: 'w1s', lsb: 9 },
        mode: { access: 'rw', lsb: 4, width: 2, reset: 2 },
      },
    },
    period: { offset: 4, fields: { cycles: { access: 'rw', lsb: 3, width: 24, reset: 0x1234 } } },
    status: {
      offset: 16,
      doc: 'a | b',
      fields: {
        overflow: { access: 'w1c', lsb: 6, width: 4, reset: 5, doc: 'Sticky.' },
        now: { access: 'ro', lsb: 12, width: 16 },
        busy: { access: 'ro', lsb: 31 },
      },
    },
    command: { offset: 8, fields: { code: { access: 'wo', lsb: 4, width: 8, reset: 7 } } },
  },
} as const satisfies RegisterMap;
const wide = {
  name: 'wide',
  dataWidth: 64,
  registers: { only: { offset: 0, fields: { value: { access: 'rw', lsb: 0, width: 64, reset: 0x0123456789abcdefn } } } },
} as const satisfies RegisterMap;

interface Plan {
  readonly seed: number;
  readonly rates: { readonly aw: number; readonly w: number; readonly ar: number; readonly b: number; readonly r: number };
}
const FULL = { aw: 1, w: 1, ar: 1, b: 1, r: 1 };

/** The contract of the header, cycle by cycle: queues of two in the address and data channels, one answer register each way. */
function against(map: RegisterMap, { seed, rates }: Plan, cycles = 250): { readonly bench: Bench; readonly reads: number; readonly writes: number } {
  const { registers, dataWidth, addressWidth } = checkRegisterMap(map);
  const random = new Random(seed);
  const bench = new Bench(elaborate(RegisterBank, map));
  const state = new Map<string, bigint>(registers.flatMap((r) => r.fields.map((f) => [`${r.name}_${f.name}`, f.reset] as const)));
  const pulses = new Set<string>();
  const queue = { aw: [] as bigint[], w: [] as { data: bigint; strb: bigint }[], ar: [] as bigint[] };
  const offer: { aw?: bigint | undefined; w?: { data: bigint; strb: bigint } | undefined; ar?: bigint | undefined } = {};
  let [b, r]: [bigint | undefined, { data: bigint; resp: bigint } | undefined] = [undefined, undefined];
  let [reads, writes] = [0, 0];
  const address = () =>
    random.chance(0.8)
      ? BigInt((registers[random.below(registers.length)] as { offset: number }).offset + random.below(dataWidth / 8))
      : random.bits(addressWidth);
  const at = (a: bigint) => registers.find(({ offset }) => Math.floor(offset / (dataWidth / 8)) === Math.floor(Number(a) / (dataWidth / 8)));

  for (let t = 0; t < cycles; t++) {
    if (offer.aw === undefined && random.chance(rates.aw)) offer.aw = address();
    if (offer.w === undefined && random.chance(rates.w))
      offer.w = { data: random.bits(dataWidth), strb: random.chance(0.5) ? (1n << BigInt(dataWidth / 8)) - 1n : random.bits(dataWidth / 8) };
    if (offer.ar === undefined && random.chance(rates.ar)) offer.ar = address();
    const [bready, rready] = [random.chance(rates.b), random.chance(rates.r)];
    const hardware: Record<string, bigint> = {};
    for (const { name, fields } of registers) {
      for (const f of fields) {
        if (f.access === 'ro') hardware[`${name}_${f.name}`] = random.bits(f.width);
        if (f.access === 'w1c') hardware[`${name}_${f.name}_set`] = random.chance(0.3) ? random.bits(f.width) : 0n;
        if (f.access === 'w1s') hardware[`${name}_${f.name}_clear`] = random.chance(0.3) ? random.bits(f.width) : 0n;
      }
    }
    const flag = (x: boolean): bigint => (x ? 1n : 0n);
    const out = bench.cycle({
      bus_awvalid: flag(offer.aw !== undefined),
      bus_awaddr: offer.aw ?? 0n,
      bus_awprot: random.bits(3),
      bus_wvalid: flag(offer.w !== undefined),
      bus_wdata: offer.w?.data ?? 0n,
      bus_wstrb: offer.w?.strb ?? 0n,
      bus_arvalid: flag(offer.ar !== undefined),
      bus_araddr: offer.ar ?? 0n,
      bus_arprot: random.bits(3),
      bus_bready: flag(bready),
      bus_rready: flag(rready),
      ...hardware,
    });

    // What the ports must show now.
    const want: Record<string, bigint> = {
      bus_awready: flag(queue.aw.length < 2),
      bus_wready: flag(queue.w.length < 2),
      bus_arready: flag(queue.ar.length < 2),
      bus_bvalid: flag(b !== undefined),
      bus_rvalid: flag(r !== undefined),
    };
    if (b !== undefined) Object.assign(want, { bus_bresp: b });
    if (r) Object.assign(want, { bus_rdata: r.data, bus_rresp: r.resp });
    for (const { name, fields } of registers) {
      for (const f of fields) {
        if (f.access !== 'ro') want[`${name}_${f.name}`] = state.get(`${name}_${f.name}`) as bigint;
        if (f.access === 'wo') want[`${name}_${f.name}_written`] = flag(pulses.has(`${name}_${f.name}`));
      }
    }
    expect(out, `cycle ${t}`).toMatchObject(want);

    // What happens at the edge.
    const accepted = {
      aw: offer.aw !== undefined && queue.aw.length < 2,
      w: offer.w !== undefined && queue.w.length < 2,
      ar: offer.ar !== undefined && queue.ar.length < 2,
    };
    const readNow = queue.ar.length > 0 && (r === undefined || rready);
    const writeNow = queue.aw.length > 0 && queue.w.length > 0 && (b === undefined || bready);
    if (r && rready) {
      r = undefined;
      reads++;
    }
    if (b !== undefined && bready) {
      b = undefined;
      writes++;
    }
    if (readNow) {
      const register = at(queue.ar.shift() as bigint);
      const data = register?.fields.reduce((sum, f) => {
        const value =
          f.access === 'ro'
            ? (hardware[`${register.name}_${f.name}`] as bigint)
            : f.access === 'wo'
              ? 0n
              : (state.get(`${register.name}_${f.name}`) as bigint);
        return sum | (value << BigInt(f.lsb));
      }, 0n);
      r = { data: data ?? 0n, resp: register ? 0n : 2n };
    }
    let target: ReturnType<typeof at>;
    let [word, mask] = [0n, 0n];
    if (writeNow) {
      const { data, strb } = queue.w.shift() as { data: bigint; strb: bigint };
      target = at(queue.aw.shift() as bigint);
      b = target ? 0n : 2n;
      word = data;
      for (let i = 0; i < dataWidth; i++) if ((strb >> BigInt(i >> 3)) & 1n) mask |= 1n << BigInt(i);
    }
    pulses.clear();
    for (const register of registers) {
      for (const f of register.fields) {
        const key = `${register.name}_${f.name}`;
        const cut = (v: bigint): bigint => (v >> BigInt(f.lsb)) & ((1n << BigInt(f.width)) - 1n);
        const [data, bits] = register === target ? [cut(word), cut(mask)] : [0n, 0n];
        const old = state.get(key) as bigint;
        if (f.access === 'rw' || f.access === 'wo') state.set(key, (old & ~bits) | (data & bits));
        if (f.access === 'wo' && bits !== 0n) pulses.add(key);
        if (f.access === 'w1c') state.set(key, (old & ~(data & bits)) | (hardware[`${key}_set`] as bigint));
        if (f.access === 'w1s') state.set(key, (old & ~(hardware[`${key}_clear`] as bigint)) | (data & bits));
      }
    }
    if (accepted.aw) {
      queue.aw.push(offer.aw as bigint);
      offer.aw = undefined;
    }
    if (accepted.w) {
      queue.w.push(offer.w as { data: bigint; strb: bigint });
      offer.w = undefined;
    }
    if (accepted.ar) {
      queue.ar.push(offer.ar as bigint);
      offer.ar = undefined;
    }
  }
  return { bench, reads, writes };
}

describe.each<[string, RegisterMap]>([
  ['dmaTimer', timer],
  ['wide', wide],
])('the bank of %s', (_, map) => {
  const rate = fc.constantFrom(0.2, 0.6, 1);
  test('is the model under any stalls', () => {
    fc.assert(
      fc.property(fc.record({ seed: fc.nat(), rates: fc.record({ aw: rate, w: rate, ar: rate, b: rate, r: rate }) }), (plan) => {
        against(map, plan);
      }),
      { numRuns: 25 },
    );
  });
  test('a read and a write a cycle, answered 2 cycles later', () => {
    const { reads, writes } = against(map, { seed: 1, rates: FULL }, 102);
    expect({ reads, writes }).toEqual({ reads: 100, writes: 100 });
  });
  test('on Icarus', () => {
    against(map, { seed: 5, rates: { aw: 0.7, w: 0.8, ar: 0.7, b: 0.6, r: 0.6 } }).bench.replay();
  });
});

test('registerBank() gives typed fields', () => {
  class Device extends Module {
    readonly p = this.io({
      s_axi: flip(axiLite({ addressWidth: 6, dataWidth: 32 })),
      running: output(bool),
      period: output(uint(24)),
      go: output(bool),
      tick: input(bool),
    });
    constructor() {
      super();
      const { s_axi, running, period, go, tick } = this.p;
      const regs = registerBank(s_axi, timer);
      running.set(regs.control.enable);
      period.set(regs.period.cycles);
      go.set(regs.command.code_written);
      regs.control.start_clear.set(tick);
      regs.status.overflow_set.set(tick.asUInt());
      regs.status.now.set(7);
      regs.status.busy.set(regs.control.start);
      // @ts-expect-error rw fields are driven by the bank
      regs.period.cycles.set?.(1);
    }
  }
  expect(() => elaborate(Device)).toThrow(/HDL-P002/);
  class Fine extends Module {
    readonly p = this.io({ s_axi: flip(axiLite({ addressWidth: 3, dataWidth: 64 })), value: output(uint(64)) });
    constructor() {
      super();
      this.p.value.set(registerBank(this.p.s_axi, wide).only.value);
    }
  }
  const bench = new Bench(elaborate(Fine));
  const write: Cycle = { s_axi_awvalid: 1n, s_axi_wvalid: 1n, s_axi_wdata: 0xffffffffffffffffn, s_axi_wstrb: 0x81n, s_axi_bready: 1n };
  expect(bench.cycle(write)).toMatchObject({ value: 0x0123456789abcdefn });
  expect(bench.cycle({})).toMatchObject({ value: 0x0123456789abcdefn });
  expect(bench.cycle({})).toMatchObject({ value: 0xff23456789abcdffn, s_axi_bvalid: 1n, s_axi_bresp: 0n });
  bench.replay();
});

test('the header compiles and says where fields are', () => {
  const dir = mkdtempSync(join(tmpdir(), 'systole-header-'));
  try {
    writeFileSync(join(dir, 'regs.h'), cHeader(timer));
    writeFileSync(
      join(dir, 'main.c'),
      [
        '#include <stdio.h>',
        '#include "regs.h"',
        '#include "regs.h"',
        'int main(void) { printf("%x %x %x %x %x %x\\n", DMA_TIMER_STATUS_OFFSET, DMA_TIMER_PERIOD_CYCLES_MASK, DMA_TIMER_PERIOD_CYCLES_SHIFT, DMA_TIMER_STATUS_BUSY_MASK, DMA_TIMER_CONTROL_RESET, DMA_TIMER_STATUS_RESET); return 0; }',
        '',
      ].join('\n'),
    );
    execFileSync('cc', ['-std=c89', '-Wall', '-Wextra', '-pedantic', '-Werror', '-o', 'main', 'main.c'], { cwd: dir });
    expect(execFileSync(join(dir, 'main'), { encoding: 'utf8' })).toBe('10 7fffff8 3 80000000 20 140\n');
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});

test('the page has a row for each register and field', () => {
  const page = registerMarkdown(timer);
  expect(page).toContain('| 0x10 | `status` | 0x140 | a \\| b |');
  expect(page).toContain('| 26:3 | `cycles` | rw | 0x1234 |  |');
  expect(page).toContain('| 31 | `busy` | ro |  |  |');
  for (const line of page.split('\n').filter((l) => l.startsWith('|'))) expect([4, 5]).toContain(line.replaceAll('\\|', '').split('|').length - 2);
});

describe('refused', () => {
  const map = (registers: object, rest: object = {}): RegisterMap => ({ name: 'm', registers, ...rest }) as RegisterMap;
  const flag = { f: { access: 'rw', lsb: 0 } };
  test.each<[string, RegisterMap, RegExp]>([
    [
      'overlap',
      map({ a: { offset: 0, fields: { x: { access: 'rw', lsb: 0, width: 5 }, y: { access: 'rw', lsb: 4 } } } }),
      /fields `x` \(bits 4:0\) and `y` \(bits 4\) of register `a` overlap/,
    ],
    [
      'misalignment',
      map({ a: { offset: 6, fields: flag } }),
      /register `a` at offset 0x06 is misaligned[\s\S]*multiples of 4 bytes, for instance 0x04/,
    ],
    ['misalignment of 64 bits', map({ a: { offset: 4, fields: flag } }, { dataWidth: 64 }), /multiples of 8 bytes/],
    ['the same offset', map({ a: { offset: 4, fields: flag }, b: { offset: 4, fields: flag } }), /registers `a` and `b` are both at offset 0x04/],
    [
      'the same name in C',
      map({ rowCount: { offset: 0, fields: flag }, row_count: { offset: 4, fields: flag } }),
      /`rowCount` and `row_count` both become ROW_COUNT/,
    ],
    ['a name', map({ '2x': { offset: 0, fields: flag } }), /`2x` is no name/],
    [
      'a field that leaves',
      map({ a: { offset: 0, fields: { x: { access: 'rw', lsb: 30, width: 4 } } } }),
      /field `a\.x` \(bits 33:30\) leaves its register of 32 bits/,
    ],
    [
      'a reset value',
      map({ a: { offset: 0, fields: { x: { access: 'rw', lsb: 0, width: 2, reset: 4 } } } }),
      /reset value 4 of field `a\.x` does not fit 2 bits/,
    ],
    ['a reset of ro', map({ a: { offset: 0, fields: { x: { access: 'ro', lsb: 0, reset: 1 } } } }), /is ro and has a reset value/],
    ['access', map({ a: { offset: 0, fields: { x: { access: 'rx', lsb: 0 } } } }), /access of field `a\.x` is rx[\s\S]*ro, rw, wo, w1c, w1s/],
    ['out of reach', map({ a: { offset: 8, fields: flag } }, { addressWidth: 3 }), /register `a` at offset 0x08 is out of reach of 3 address bits/],
    ['nothing', map({}), /has no register/],
    ['an empty register', map({ a: { offset: 0, fields: {} } }), /register `a` has no field/],
    ['data width', map({ a: { offset: 0, fields: flag } }, { dataWidth: 16 }), /data width of register map `m` is 16/],
    ['bus', map({ bus: { offset: 0, fields: flag } }), /a register is called `bus`/],
  ])('%s', (_, description, message) => {
    const make = () => elaborate(RegisterBank, description);
    expect(make).toThrow(message);
    expect(make).toThrow(/HDL-C001[\s\S]*at test\/std\/register-map\.test\.ts:\d+\n {2}help: /);
  });
});
