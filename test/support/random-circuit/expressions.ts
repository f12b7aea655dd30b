// Random expressions of any type over what the frame offers.

import {
  asBits,
  asBools,
  asType,
  at,
  bitCount,
  choose,
  concat,
  type Expr,
  field,
  filled,
  isGround,
  isMember,
  literal,
  muxCase,
  muxLookup,
  named,
  pack,
  prim,
  reversed,
  table,
  vecFrom,
  withLiteral,
  zeroOf,
} from '../circuit/data.ts';
import { type Dress, type Ground, leaves, literalWidth, sintT, type Type, uintT } from '../reference.ts';
import { OVERFLOWS, ROUNDINGS } from '../reference-numbers.ts';
import { NAMES, same, Types, undressed } from './types.ts';

const WIDEST = 80;
/** Wider operands of a division take tools long. */
const WIDEST_DIVISION = 70;
const COMPARISONS = ['eq', 'ne', 'lt', 'le', 'gt', 'ge'] as const;
type Int = 'uint' | 'sint';
const widthOf = (e: Expr): number => (e.type as Ground).width;

export abstract class Expressions extends Types {
  protected index(bits = this.rng.below(5)): Expr {
    return this.exact(uintT(bits), 1);
  }

  /** A value that may be assigned to a type: exact, or a narrower integer. */
  protected loose(type: Type): Expr {
    if (isGround(type) && !type.dress && type.kind !== 'bool') return this.upTo(type.kind, type.width, 3);
    return this.expr(type, 3);
  }

  protected upTo(kind: Int, width: number, depth: number): Expr {
    const e = this.integer(kind, depth);
    return widthOf(e) > width || this.rng.once(2) ? this.resize(e, width) : e;
  }

  protected expr(type: Type, depth: number): Expr {
    if (isGround(type)) return this.exact(type, depth);
    const { rng } = this;
    const found = this.reachable().filter((e) => same(e.type, type));
    if (found.length > 0 && rng.below(3) > 0) return rng.pick(found);
    if (depth > 0 && rng.once(3)) return this.choice((d) => this.expr(type, d), depth);
    // No code of an enumeration but its members' is made of bits.
    const free = leaves(type).every((l) => l.type.dress?.as !== 'enum');
    if (free && depth > 0 && rng.once(5)) return asType(this.exact(uintT(bitCount(type)), depth - 1), type);
    if (type.kind === 'vec') {
      const e = type.element;
      const choice = rng.below(5);
      if (choice === 0 && depth > 0) return reversed(this.expr(type, depth - 1));
      if (choice === 1) return filled(type.length, this.expr(e, depth - 1));
      if (e.kind === 'bool' && choice === 2) return asBools(this.exact(uintT(type.length), depth - 1));
      if (isGround(e)) return vecFrom([...Array(type.length)].map(() => this.exact(e, depth - 1)));
    }
    return zeroOf(type);
  }

  /** One of several values of one type. */
  protected choice(make: (depth: number) => Expr, depth: number): Expr {
    const { rng } = this;
    const some = <T>(one: () => T): T[] => [...Array(1 + rng.below(3))].map(one);
    switch (rng.below(4)) {
      case 0:
        return muxCase(
          make(depth - 1),
          some(() => ({ cond: this.bool(depth - 1), value: make(depth - 1) })),
        );
      case 1: {
        const subject = this.integer(rng.once(2) ? 'uint' : 'sint', depth - 1);
        return muxLookup(
          subject,
          make(depth - 1),
          some(() => ({ key: rng.value(subject.type as Ground), value: make(depth - 1) })),
        );
      }
      default:
        return choose(this.bool(depth - 1), make(depth - 1), make(depth - 1));
    }
  }

  /** Everything that the pool offers, fields and elements too. */
  protected reachable(): Expr[] {
    const found: Expr[] = [];
    const visit = (e: Expr): void => {
      found.push(e);
      if (e.type.kind === 'bundle') for (const name of Object.keys(e.type.fields)) visit(field(e, name));
      if (e.type.kind === 'vec') visit(at(e, this.rng.below(e.type.length)));
    };
    this.rng.shuffled(this.frame.pool).slice(0, 12).forEach(visit);
    return found;
  }

  protected exact(type: Ground, depth: number): Expr {
    if (type.dress) return this.dressed(type, depth);
    if (type.kind === 'bool') return this.bool(depth);
    return this.resize(this.integer(type.kind, depth), type.width);
  }

  protected resize(e: Expr, width: number): Expr {
    const w = widthOf(e);
    if (w === width) return e;
    if (w < width) return prim('extend', [e], width);
    return e.type.kind === 'uint' && width > 0 && this.rng.once(3) ? prim('bits', [e], width - 1, 0) : prim('trunc', [e], width);
  }

  // Enumerations, fixed point, floats.

  protected dressed(type: Ground, depth: number): Expr {
    const { rng } = this;
    const dress = type.dress as Dress;
    const found = this.reachable().filter((e) => same(e.type, type));
    if (found.length > 0 && rng.below(3) > 0) return rng.pick(found);
    if (depth > 0 && rng.once(3)) return this.choice((d) => this.dressed(type, d), depth);
    if (dress.as === 'fixed') {
      if (depth > 0 && rng.once(2)) return prim(this.narrowing(), [this.fixed(type.kind as Int, depth - 1)], type.width, dress.fraction);
      return prim('asFixed', [this.exact({ kind: type.kind, width: type.width }, depth - 1)], dress.fraction);
    }
    if (dress.as === 'float') {
      if (depth > 0 && rng.once(2)) return prim(rng.pick(['float.neg', 'float.abs']), [this.dressed(type, depth - 1)]);
      return prim(`asFloat.${dress.format}`, [this.exact(uintT(type.width), depth - 1)]);
    }
    if (depth > 0 && rng.once(2)) return this.tableOf(type, depth);
    return literal(type, rng.value(type));
  }

  private narrowing(): string {
    return `toFixed.${this.rng.pick(ROUNDINGS)}.${this.rng.pick(OVERFLOWS)}`;
  }

  /** A fixed-point value of any width and point. */
  private fixed(kind: Int, depth: number): Expr {
    const { rng } = this;
    if (depth <= 0) {
      const found = this.reachable().filter((e) => isGround(e.type) && e.type.kind === kind && e.type.dress?.as === 'fixed');
      if (found.length > 0 && rng.below(3) > 0) return rng.pick(found);
      return prim('asFixed', [this.exact({ kind, width: 1 + rng.below(12) }, 0)], rng.below(10) - 2);
    }
    const of = (k = kind): Expr => this.fixed(k, depth - 1);
    const turned = kind === 'sint' ? () => prim(rng.pick(['fixed.neg', 'fixed.toSigned']), [of('uint')]) : () => prim('fixed.abs', [of('sint')]);
    switch (rng.below(6)) {
      case 0:
        return prim('fixed.add', [of(), of()]);
      case 1:
        return prim('fixed.mul', [of(), of()]);
      case 2:
        return kind === 'sint' ? prim('fixed.sub', rng.once(2) ? [of(), of()] : [of('uint'), of('uint')]) : turned();
      case 3:
        return prim('fixed.scale', [of()], 1 + rng.below(3));
      case 4:
        return kind === 'sint' && rng.once(2) ? prim('fixed.neg', [of()]) : turned();
      default:
        return prim(this.narrowing(), [of()], 1 + rng.below(12), rng.below(10) - 2);
    }
  }

  private dressedBool(depth: number): Expr {
    const { rng } = this;
    const found = this.reachable().filter((e) => isGround(e.type) && e.type.dress);
    const e = found.length > 0 ? rng.pick(found) : this.dressed(this.dressedGround(), depth - 1);
    const { kind, dress } = e.type as Ground & { dress: Dress };
    if (dress.as === 'enum' || dress.as === 'state') {
      const members = rng.shuffled(Object.keys(dress.members)).slice(0, 1 + rng.below(2));
      if (dress.as === 'state' || rng.once(2)) return isMember(e, members);
      return prim(rng.pick(['eq', 'ne']), [e, this.dressed(e.type as Ground, depth - 1)]);
    }
    if (dress.as === 'fixed') return prim(`fixed.${rng.pick(COMPARISONS)}`, [e, this.fixed(kind as Int, depth - 1)]);
    if (rng.once(2)) return prim(rng.pick(['float.isNaN', 'float.isInf', 'float.isZero', 'float.isSubnormal']), [e]);
    return prim(`float.${rng.pick([...COMPARISONS, 'totalLe'])}`, [e, this.dressed(e.type as Ground, depth - 1)]);
  }

  private dressedGround(): Ground {
    let type = this.ground();
    while (!type.dress) type = this.ground();
    return type;
  }

  private tableOf(type: Ground, depth: number): Expr {
    const bits = this.rng.below(4);
    return table(
      type,
      this.exact(uintT(bits), depth - 1),
      [...Array(1 + this.rng.below(2 ** bits))].map(() => this.rng.value(type)),
    );
  }

  // Integers and bools.

  protected leaf(): Expr {
    const { rng } = this;
    const found = this.reachable().filter((e) => isGround(e.type));
    if (found.length > 0 && !rng.once(6)) return undressed(rng.pick(found));
    const type = this.plainGround();
    return literal(type, rng.value(type));
  }

  protected cast(e: Expr, kind: Ground['kind']): Expr {
    if (e.type.kind === kind) return e;
    if (kind === 'bool') return prim('orR', [e]);
    if (e.type.kind === 'bool') return kind === 'uint' ? prim('asUInt', [e]) : prim('asSInt', [prim('asUInt', [e])]);
    return prim(kind === 'uint' ? 'asUInt' : 'asSInt', [e]);
  }

  protected bool(depth: number): Expr {
    const { rng, frame } = this;
    const seen = frame.shared.filter((e) => e.type.kind === 'bool');
    if (seen.length > 0 && rng.once(6)) return rng.pick(seen);
    const e = this.makeBool(depth);
    frame.shared.push(e);
    return e;
  }

  private makeBool(depth: number): Expr {
    const { rng } = this;
    if (depth <= 0) return this.cast(this.leaf(), 'bool');
    const kind = rng.once(2) ? 'uint' : 'sint';
    switch (rng.below(10)) {
      case 0:
        return this.cast(this.leaf(), 'bool');
      case 1:
        return prim(rng.pick(['and', 'or', 'xor', 'eq', 'ne']), [this.bool(depth - 1), this.bool(depth - 1)]);
      case 2:
        return prim('not', [this.bool(depth - 1)]);
      case 3:
        return prim(rng.pick(['andR', 'orR', 'xorR']), [this.integer(kind, depth - 1)]);
      case 4: {
        const e = this.integer(kind, depth - 1);
        return widthOf(e) === 0 ? prim('orR', [e]) : prim('bit', [e], rng.below(widthOf(e)));
      }
      case 5: {
        const a = this.integer(kind, depth - 1);
        return withLiteral(rng.pick(COMPARISONS), a, rng.value(a.type as Ground));
      }
      case 6:
        return prim('bitAt', [this.integer(kind, depth - 1), this.index()]);
      case 7:
        return this.dressedBool(depth);
      default:
        return prim(rng.pick(COMPARISONS), [this.integer(kind, depth - 1), this.integer(kind, depth - 1)]);
    }
  }

  protected integer(kind: Int, depth: number): Expr {
    const { rng, frame } = this;
    const seen = frame.shared.filter((e) => e.type.kind === kind);
    if (seen.length > 0 && rng.once(5)) return rng.pick(seen);
    let e = this.makeInteger(kind, depth);
    if (widthOf(e) > WIDEST) e = this.resize(e, 1 + rng.below(WIDEST));
    if (rng.once(25)) e = named(e, `${rng.pick(NAMES)}`);
    frame.shared.push(e);
    return e;
  }

  private makeInteger(kind: Int, depth: number): Expr {
    const { rng } = this;
    if (depth <= 0) return this.cast(this.leaf(), kind);
    const of = (k: Int = kind): Expr => this.integer(k, depth - 1);
    const either = (): Expr => of(rng.once(2) ? 'uint' : 'sint');
    switch (rng.below(18)) {
      case 0:
      case 1:
        return this.cast(this.leaf(), kind);
      case 2:
      case 3:
        return prim(rng.pick(['add', 'sub', 'addw', 'subw', 'mul']), [of(), of()]);
      case 4: {
        const a = of();
        const type = kind === 'uint' ? uintT(rng.below(9)) : sintT(1 + rng.below(8));
        const value = rng.value(type);
        return literalWidth(kind, value) > 64 ? a : withLiteral(rng.pick(['add', 'sub', 'addw', 'subw', 'mul']), a, value);
      }
      case 5:
        return kind === 'uint' ? prim(rng.pick(['and', 'or', 'xor']), [of(), of()]) : prim('neg', [either()]);
      case 6:
        return kind === 'uint' ? prim('not', [either()]) : this.cast(prim('xor', [of('sint'), of('sint')]), 'sint');
      case 7:
        return prim(rng.pick(['shl', 'shr']), [of()], rng.below(10));
      case 8:
        return prim('dshl', [of(), this.exact(uintT(rng.below(5)), depth - 1)]);
      case 9:
        return prim('dshr', [of(), this.exact(uintT(rng.below(8)), depth - 1)]);
      case 10:
        return this.choice(() => of(), depth);
      case 11: {
        const e = either();
        const width = widthOf(e);
        if (width === 0) return this.cast(e, kind);
        const lo = rng.below(width);
        return this.cast(prim('bits', [e], lo + rng.below(width - lo), lo), kind);
      }
      case 12:
        return this.cast(concat([...Array(1 + rng.below(3))].map(() => (rng.once(3) ? this.bool(depth - 1) : either()))), kind);
      case 13: {
        const [a, b] = [of(), of()].map((e) => (widthOf(e) > WIDEST_DIVISION ? this.resize(e, 1 + rng.below(WIDEST_DIVISION)) : e));
        return prim(rng.pick(['div', 'rem']), [a as Expr, b as Expr]);
      }
      case 14: {
        const e = either();
        return widthOf(e) === 0 ? this.cast(e, kind) : this.cast(prim('slice', [e, this.index()], 1 + rng.below(widthOf(e))), kind);
      }
      case 15:
        return this.tableOf({ kind, width: rng.below(20) + (kind === 'sint' ? 1 : 0) }, depth);
      case 16:
        return this.fromLibrary(kind, depth);
      default:
        return this.fromVector(kind, depth);
    }
  }

  /** Functions of the standard library that are operators in all but name. */
  private fromLibrary(kind: Int, depth: number): Expr {
    const { rng } = this;
    const of = (k: Int = kind): Expr => this.integer(k, depth - 1);
    switch (rng.below(6)) {
      case 0:
        return prim(rng.pick(['std.min', 'std.max']), [of(), of()]);
      case 1:
        return prim('std.saturate', [of()], rng.below(12));
      case 2:
        return this.cast(prim('std.abs', [of('sint')]), kind);
      case 3:
        return this.cast(prim(rng.pick(['std.rotateLeft', 'std.rotateRight']), [of('uint'), this.index()]), kind);
      case 4:
        return this.cast(prim('std.reverseBits', [of('uint')]), kind);
      default:
        return this.cast(prim('std.fillBits', [this.resize(of('uint'), 1 + rng.below(8))], 1 + rng.below(3)), kind);
    }
  }

  private fromVector(kind: Int, depth: number): Expr {
    const { rng } = this;
    const vectors = this.reachable().filter((e) => !isGround(e.type));
    if (vectors.length === 0) return this.cast(this.leaf(), kind);
    let e = rng.pick(vectors);
    if (rng.once(4)) return this.cast(asBits(e), kind);
    if (e.type.kind === 'vec' && leaves(e.type).length === 1 && rng.once(3)) return this.cast(pack(e), kind);
    if (e.type.kind === 'vec' && rng.once(4)) e = reversed(e);
    while (!isGround(e.type)) {
      if (e.type.kind === 'vec') e = at(e, rng.once(2) ? rng.below(e.type.length) : this.exact(uintT(rng.below(5)), depth - 1));
      else e = field(e, rng.pick(Object.keys(e.type.fields)));
    }
    return this.cast(undressed(e), kind);
  }
}
