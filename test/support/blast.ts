// Cells of Yosys as and-inverter graphs; test/hdl/blast.test.ts compares them with those that Yosys makes.

import { type Aig, FALSE, type Lit, TRUE } from './aig.ts';
import { type Bit, type Cell, type Core, driversOf } from './netlist.ts';

type Word = readonly Lit[];

/** The literals of a core's bits. Its inputs are those of `inputs`, or new ones, entered there; `unknown` stands for what is undefined or undriven. */
export function literalsOf(g: Aig, core: Core, inputs: Map<string, Lit>, unknown: Lit): (bit: Bit) => Lit {
  const values = new Map<Bit, Lit>();
  for (const [name, bit] of core.inputs) {
    if (!inputs.has(name)) inputs.set(name, g.input());
    values.set(bit, inputs.get(name) as Lit);
  }
  const drivers = driversOf(core.cells);
  const literalOf = (bit: Bit): Lit => {
    if (typeof bit !== 'number') return bit === '0' || bit === '1' ? Number(bit) : unknown;
    const known = values.get(bit);
    if (known !== undefined) return known;
    const cell = drivers.get(bit);
    if (!cell) return unknown;
    const word = blast(g, cell, (port) => (cell.connections[port] as readonly Bit[]).map(literalOf));
    (cell.connections['Y'] as readonly Bit[]).forEach((out, i) => {
      values.set(out, word[i] as Lit);
    });
    return values.get(bit) as Lit;
  };
  return literalOf;
}

/** The output of a cell from its operands, lowest bit first. Throws for a kind of cell that is not known. */
export function blast(g: Aig, cell: Cell, operand: (port: string) => Word): Word {
  const parameter = (name: string): number => Number.parseInt(cell.parameters[name] ?? '0', 2);
  const width = parameter('Y_WIDTH') || parameter('WIDTH');
  const signed = [parameter('A_SIGNED') === 1, parameter('B_SIGNED') === 1] as const;
  const a = operand('A');
  const b = 'B' in cell.connections ? operand('B') : [];
  const both = signed[0] && signed[1];
  const bool = (lit: Lit): Word => extend([lit], width, false);
  const any = (w: Word): Lit => w.reduce((x, y) => g.or(x, y), FALSE);
  const [x, y] = [extend(a, width, signed[0]), extend(b, width, both)];
  const widest = Math.max(a.length, b.length);
  const [p, q] = [extend(a, widest, both), extend(b, widest, both)];
  switch (cell.type) {
    case '$pos':
      return x;
    case '$not':
      return x.map((l) => l ^ 1);
    case '$neg':
      return sum(g, zeros(width), x, true);
    case '$and':
      return extend(a, width, both).map((l, i) => g.and(l, y[i] as Lit));
    case '$or':
      return extend(a, width, both).map((l, i) => g.or(l, y[i] as Lit));
    case '$xor':
    case '$xnor':
      return extend(a, width, both).map((l, i) => g.xor(l, y[i] as Lit) ^ (cell.type === '$xnor' ? 1 : 0));
    case '$add':
    case '$sub':
      return sum(g, extend(a, width, both), y, cell.type === '$sub');
    case '$mul':
      return product(g, extend(a, width, both), y);
    case '$div':
    case '$mod': {
      // The smallest number by −1 is one too many for its own width, but not for that of the result.
      const wide = Math.max(widest, width);
      return quotient(g, cell.type === '$div', extend(a, wide, both), extend(b, wide, both), both).slice(0, width);
    }
    case '$reduce_and':
      return bool(a.reduce((u, v) => g.and(u, v), TRUE));
    case '$reduce_or':
    case '$reduce_bool':
      return bool(any(a));
    case '$reduce_xor':
      return bool(a.reduce((u, v) => g.xor(u, v), FALSE));
    case '$logic_not':
      return bool(any(a) ^ 1);
    case '$logic_and':
      return bool(g.and(any(a), any(b)));
    case '$logic_or':
      return bool(g.or(any(a), any(b)));
    case '$eq':
    case '$eqx':
    case '$ne':
    case '$nex': {
      const differs = any(p.map((l, i) => g.xor(l, q[i] as Lit)));
      return bool(cell.type.startsWith('$eq') ? differs ^ 1 : differs);
    }
    case '$lt':
      return bool(less(g, p, q, both));
    case '$ge':
      return bool(less(g, p, q, both) ^ 1);
    case '$gt':
      return bool(less(g, q, p, both));
    case '$le':
      return bool(less(g, q, p, both) ^ 1);
    case '$mux':
      return a.map((l, i) => g.mux(operand('S')[0] as Lit, b[i] as Lit, l));
    case '$pmux': {
      const select = operand('S');
      const none = any(select) ^ 1;
      return a.map((l, i) => select.reduce((u, s, n) => g.or(u, g.and(s, b[n * a.length + i] as Lit)), g.and(none, l)));
    }
    case '$shl':
    case '$sshl':
      return shifted(g, x, b, FALSE, -1);
    case '$shr':
      return shifted(g, extend(a, Math.max(width, a.length), signed[0]), b, FALSE, 1).slice(0, width);
    case '$sshr': {
      const wide = extend(a, Math.max(width, a.length), signed[0]);
      return shifted(g, wide, b, signed[0] ? (a.at(-1) ?? FALSE) : FALSE, 1).slice(0, width);
    }
    case '$shift':
    case '$shiftx': {
      const wide = extend(a, Math.max(width, a.length), signed[0] && cell.type === '$shift');
      if (!signed[1]) return shifted(g, wide, b, FALSE, 1).slice(0, width);
      const negative = b.at(-1) ?? FALSE;
      const right = shifted(g, wide, b.slice(0, -1), FALSE, 1);
      const left = shifted(g, wide, sum(g, zeros(b.length), b, true), FALSE, -1);
      return right.map((l, i) => g.mux(negative, left[i] as Lit, l)).slice(0, width);
    }
    default:
      throw new Error(`no graph is known for ${cell.type}`);
  }
}

function zeros(n: number): Word {
  return Array<Lit>(n).fill(FALSE);
}

function extend(word: Word, width: number, signed: boolean): Word {
  const fill = signed ? (word.at(-1) ?? FALSE) : FALSE;
  return Array.from({ length: width }, (_, i) => word[i] ?? fill);
}

function sum(g: Aig, a: Word, b: Word, subtract: boolean): Word {
  let carry: Lit = subtract ? TRUE : FALSE;
  return a.map((x, i) => {
    const y = (b[i] as Lit) ^ (subtract ? 1 : 0);
    const half = g.xor(x, y);
    const bit = g.xor(half, carry);
    carry = g.or(g.and(x, y), g.and(half, carry));
    return bit;
  });
}

function product(g: Aig, a: Word, b: Word): Word {
  let total = zeros(a.length);
  b.forEach((bit, n) => {
    const row = a.map((_, i) => (i < n ? FALSE : g.and(a[i - n] as Lit, bit)));
    total = sum(g, total, row, false);
  });
  return total;
}

function less(g: Aig, a: Word, b: Word, signed: boolean): Lit {
  let result: Lit = FALSE;
  a.forEach((x, i) => {
    const y = b[i] as Lit;
    const flip = signed && i === a.length - 1 ? 1 : 0;
    result = g.mux(g.xor(x, y), y ^ flip, result);
  });
  return result;
}

function quotient(g: Aig, wantQuotient: boolean, a: Word, b: Word, signed: boolean): Word {
  const negate = (word: Word, when: Lit): Word => {
    const negative = sum(g, zeros(word.length), word, true);
    return word.map((l, i) => g.mux(when, negative[i] as Lit, l));
  };
  const [sa, sb] = signed ? [a.at(-1) ?? FALSE, b.at(-1) ?? FALSE] : [FALSE, FALSE];
  const divisor = [...negate(b, sb), FALSE];
  let rest = zeros(divisor.length);
  const bits: Lit[] = [];
  for (const bit of [...negate(a, sa)].reverse()) {
    rest = [bit, ...rest.slice(0, -1)];
    const fits = less(g, rest, divisor, false) ^ 1;
    const reduced = sum(g, rest, divisor, true);
    rest = rest.map((l, i) => g.mux(fits, reduced[i] as Lit, l));
    bits.unshift(fits);
  }
  return wantQuotient ? negate(bits, g.xor(sa, sb)) : negate(rest.slice(0, a.length), sa);
}

/** By `amount` places towards the low bits (1) or the high ones (−1). */
function shifted(g: Aig, word: Word, amount: Word, fill: Lit, direction: 1 | -1): Word {
  let current = word;
  amount.forEach((bit, n) => {
    const step = n < 20 ? 2 ** n * direction : word.length * direction;
    current = current.map((l, i) => g.mux(bit, current[i + step] ?? (i + step < 0 ? FALSE : fill), l));
  });
  return current;
}
