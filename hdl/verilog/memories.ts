// Memories: arrays of words with clocked writes, in the form that Yosys and vendor tools turn into RAM.
//
// All writes of a memory stand in one procedure, so that the later port wins as the language says. A registered read stands in a procedure of its
// own; "new" under write is written as a bypass, which synthesisers know as transparency.

import { ref, widthOf } from '../ir/build.ts';
import type { AttributeValue, Expr, Memory, MemoryRead, MemoryWrite, Signal } from '../ir/nodes.ts';
import { attributeText } from './annotations.ts';
import type { Net, Noted, VExpr, VStmt, VTarget } from './ast.ts';
import * as v from './expr.ts';
import { exact, reachesBeyond, sized } from './lower-expr.ts';
import type { StatementScope } from './scope.ts';

export function lowerMemory(p: StatementScope, memory: Memory, beside: Noted, declare: (net: Net) => void): void {
  const lanes = memory.lanes[0] ?? 1;
  const lane = memory.type.width;
  const width = lane * lanes;
  if (width === 0) return;
  const attributes = new Map<string, AttributeValue>(memory.style === 'auto' ? [] : [['ram_style', memory.style]]);
  for (const [name, value] of memory.annotations?.attributes ?? []) attributes.set(name, value);
  // One word without an address is a register, which synthesisers would make of the array with a warning.
  const single = memory.depth === 1 && [...memory.reads, ...memory.writes].every(({ address }) => address.type.width === 0);
  const net: Net = {
    hint: memory.name,
    origin: 'user',
    width,
    signed: memory.type.kind === 'sint' && memory.lanes.length === 0,
    ...(!single && { words: memory.depth }),
    variable: true,
    name: '',
    ...beside,
    ...(attributes.size > 0 && { attributes: attributeText(attributes) }),
  };
  declare(net);
  if (memory.init)
    p.items.push({ k: 'contents', net, values: packWords(memory.init, lanes, lane), ...(p.contentsInFiles && !single && { file: '' }) });
  const words = new Words(p, net, lane);
  const [first] = memory.writes;
  if (first) p.items.push({ k: 'clocked', clock: p.net(first.clock), body: memory.writes.flatMap((w) => words.write(w)) });
  for (const read of memory.reads) words.read(read, memory.writes);
}

function packWords(values: readonly bigint[], lanes: number, width: number): bigint[] {
  return [...Array(values.length / lanes).keys()].map((word) =>
    values.slice(word * lanes, (word + 1) * lanes).reduceRight((all, value) => (all << BigInt(width)) | BigInt.asUintN(width, value), 0n),
  );
}

class Words {
  readonly #p: StatementScope;
  readonly #net: Net;
  /** Bits of a lane. */
  readonly #lane: number;

  constructor(p: StatementScope, net: Net, lane: number) {
    this.#p = p;
    this.#net = net;
    this.#lane = lane;
  }

  write({ address, data, enable, mask }: MemoryWrite): VStmt[] {
    const net = this.#net;
    this.#p.sink = address.name;
    const bare = this.#index(address);
    // Yosys warns of a memory that is written at literal addresses alone.
    const index = bare.k === 'literal' && net.words !== undefined ? v.net(this.#named(bare, 'address')) : bare;
    const value = this.#value(data);
    const set: VStmt[] = [];
    if (mask) {
      const bits = this.#value(mask);
      const [m, d] = [this.#named(bits, 'mask'), this.#named(value, 'data')];
      for (let i = 0; i < net.width / this.#lane; i++) {
        const [hi, lo] = [(i + 1) * this.#lane - 1, i * this.#lane];
        // A word of one bit has no parts.
        const part = this.#lane < net.width ? { hi, lo } : {};
        const target: VTarget = net.words === undefined ? v.part(net, hi, lo) : { k: 'word', net, index, ...part, width: this.#lane, signed: false };
        set.push({ k: 'if', cond: v.part(m, i, i), then: [{ k: 'set', target, value: v.part(d, hi, lo) }], else: [] });
      }
    } else {
      const target: VTarget = net.words === undefined ? v.net(net) : { k: 'word', net, index, width: net.width, signed: false };
      set.push({ k: 'set', target, value });
    }
    return onlyIf(this.#inside(address), onlyIf(this.#value(enable), set));
  }

  read({ address, data, registered }: MemoryRead, writes: readonly MemoryWrite[]): void {
    const p = this.#p;
    p.sink = address.name;
    const output = p.net(data);
    const stored = this.#stored(address);
    if (!registered) {
      p.items.push({ k: 'assign', target: v.net(output), value: stored });
      return;
    }
    const value = registered.underWrite === 'new' ? writes.reduce((before, w) => this.#bypass(before, w, address), stored) : stored;
    output.variable = true;
    p.items.push({
      k: 'clocked',
      clock: p.net(registered.clock),
      body: onlyIf(this.#value(registered.enable), [{ k: 'set', target: v.net(output), value }]),
    });
  }

  /** The word at an address, zero beyond the last. */
  #stored(address: Signal): VExpr {
    const net = this.#net;
    if (net.words === undefined) return v.net(net);
    const word: VExpr = { k: 'word', net, index: this.#index(address), width: net.width, signed: net.signed };
    const inside = this.#inside(address);
    return inside ? v.cond(inside, word, v.literal(0n, net.width)) : word;
  }

  /** The written word in place of the stored one, while a write meets the read; lane by lane under a mask. */
  #bypass(before: VExpr, { address, data, enable, mask }: MemoryWrite, readAddress: Signal): VExpr {
    const p = this.#p;
    const inside = this.#inside(readAddress);
    const width = Math.max(address.type.width, readAddress.type.width, 1);
    const same = v.compare('==', sized(p, ref(address), width), sized(p, ref(readAddress), width));
    const meets = [this.#value(enable), same, ...(inside ? [inside] : [])].filter((c) => !isTrue(c)).reduce((a, b) => v.binary('&', a, b));
    const value = this.#value(data);
    if (!mask) return v.cond(meets, value, before);
    const [m, d, b] = [this.#named(this.#value(mask), 'mask'), this.#named(value, 'data'), this.#named(before, 'before')];
    const lanes = [...Array(this.#net.width / this.#lane).keys()].map((i) => {
      const [hi, lo] = [(i + 1) * this.#lane - 1, i * this.#lane];
      return v.cond(v.part(m, i, i), v.part(d, hi, lo), v.part(b, hi, lo));
    });
    return v.cond(meets, v.concat(lanes.reverse()), v.net(b));
  }

  #value(signal: Signal): VExpr {
    this.#p.sink = signal.name;
    return exact(this.#p, ref(signal));
  }

  #named(value: VExpr, what: string): Net {
    return value.k === 'net' ? value.net : this.#p.hoist(what, value);
  }

  /** The address as exactly the bits that the memory needs. Icarus computes an expression between brackets with more bits than it has, so that has a name. */
  #index(address: Signal): VExpr {
    const index = v.asUnsigned(sized(this.#p, this.#source(address), Math.max(1, widthOf(BigInt((this.#net.words ?? 1) - 1), 'uint'))));
    return index.k === 'binary' || index.k === 'unary' || index.k === 'cond' ? v.net(this.#named(index, 'address')) : index;
  }

  /** The expression behind an address pin, so that narrowing reaches it. */
  #source(address: Signal): Expr {
    return this.#p.plan.inline.get(address) ?? ref(address);
  }

  #inside(address: Signal): VExpr | undefined {
    const source = this.#source(address);
    const words = this.#net.words ?? 1;
    return reachesBeyond(source, words) ? v.compare('<', exact(this.#p, source), v.literal(BigInt(words), source.type.width)) : undefined;
  }
}

function isTrue(e: VExpr): boolean {
  return e.k === 'literal' && e.value === 1n;
}

function onlyIf(cond: VExpr | undefined, body: readonly VStmt[]): VStmt[] {
  return cond === undefined || isTrue(cond) ? [...body] : [{ k: 'if', cond, then: body, else: [] }];
}
