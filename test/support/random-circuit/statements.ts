// Random statements: assignments that cover every path, and others that need not.

import { type Expr, isGround, membersOf, type Pattern, type Stmt, set, type Target, type Variable } from '../circuit/data.ts';
import { type Ground, type Type, uintT } from '../reference.ts';
import { Expressions } from './expressions.ts';

type Named = Pick<Variable, 'name' | 'type'>;

export abstract class Statements extends Expressions {
  /** Assignments that drive all of some variables on every path, with registers updated in between. */
  protected drive(wires: readonly Named[], registers: readonly Named[] = []): Stmt[] {
    const { rng } = this;
    const whole = wires.map((w): Stmt[] => (rng.once(4) ? this.byParts(w) : rng.once(3) ? this.onEveryPath(w, 2) : [set(w, this.loose(w.type))]));
    const more = rng.once(2) ? this.update([...wires, ...registers]) : [];
    return [...whole.flat(), ...more, ...(more.length === 0 && registers.length > 0 ? this.update(registers) : [])];
  }

  /** Every field, element or bit range by an assignment of its own. */
  private byParts(w: Named, path: Target['path'] = [], type: Type = w.type): Stmt[] {
    const { rng } = this;
    if (type.kind === 'vec') return [...Array(type.length).keys()].flatMap((i) => this.byParts(w, [...path, i], type.element));
    if (type.kind === 'bundle') return Object.entries(type.fields).flatMap(([name, t]) => this.byParts(w, [...path, name], t));
    if (type.dress || type.kind === 'bool' || type.width < 2) return [set(w, this.loose(type), path, type)];
    const cut = 1 + rng.below(type.width - 1);
    const parts = rng.shuffled([
      [type.width - 1, cut],
      [cut - 1, 0],
    ] as const);
    return parts.map(([hi, lo]) => this.setBits(w, path, type, hi, lo));
  }

  private setBits(w: Named, path: Target['path'], type: Ground, hi: number, lo: number): Stmt {
    // One bit alone is a bool.
    const value = hi === lo ? this.bool(2) : this.upTo('uint', hi - lo + 1, 2);
    return set(w, value, path, type, [hi, lo]);
  }

  /** Bits that a signal chooses. */
  private setPart(w: Named, path: Target['path'], type: Ground): Stmt {
    const { rng } = this;
    const one = rng.once(2);
    const width = one ? 1 : 1 + rng.below(type.width);
    const value = one ? this.bool(2) : this.exact(uintT(width), 2);
    return set(w, value, path, type, { offset: this.index(), width, one });
  }

  private onEveryPath(w: Named, depth: number): Stmt[] {
    const { rng } = this;
    if (depth === 0 || rng.once(3)) return [set(w, this.loose(w.type))];
    const body = (): Stmt[] => this.onEveryPath(w, depth - 1);
    if (rng.once(3)) return [this.switch(body, true)];
    const arms = [...Array(1 + rng.below(3))].map(() => ({ cond: this.bool(2), body: body() }));
    return [{ kind: 'when', arms, otherwise: body() }];
  }

  /** Conditional and partial assignments; nothing needs to be covered. */
  protected update(variables: readonly Named[], depth = 2): Stmt[] {
    const { rng } = this;
    return [...Array(1 + rng.below(2))].flatMap((): Stmt[] => {
      const body = (): Stmt[] => this.update(variables, depth - 1);
      if (depth > 0 && rng.once(6)) return [this.switch(body, rng.once(2))];
      if (depth > 0 && rng.once(2)) {
        const arms = [...Array(1 + rng.below(3))].map(() => ({ cond: this.bool(2), body: body() }));
        return [{ kind: 'when', arms, ...(rng.once(2) && { otherwise: body() }) }];
      }
      return [this.somePart(rng.pick(variables))];
    });
  }

  private somePart(w: Named): Stmt {
    const { rng } = this;
    let type = w.type;
    const path: (string | number | Expr)[] = [];
    while (!isGround(type) && !rng.once(4)) {
      if (type.kind === 'vec') {
        path.push(rng.once(2) ? rng.below(type.length) : this.index());
        type = type.element;
      } else {
        const name = rng.pick(Object.keys(type.fields));
        path.push(name);
        type = type.fields[name] as Type;
      }
    }
    if (isGround(type) && !type.dress && type.kind !== 'bool' && type.width > 0) {
      if (rng.once(3)) {
        const lo = rng.below(type.width);
        return this.setBits(w, path, type, lo + rng.below(type.width - lo), lo);
      }
      if (type.width <= 16 && rng.once(4)) return this.setPart(w, path, type);
    }
    return set(w, this.loose(type), path, type);
  }

  /** Cases of an enumeration, or patterns of a number. */
  private switch(body: () => Stmt[], covered: boolean): Stmt {
    const { rng } = this;
    const enums = this.reachable().filter((e) => isGround(e.type) && e.type.dress?.as === 'enum');
    const subject = enums.length > 0 && rng.once(2) ? rng.pick(enums) : this.exact(uintT(1 + rng.below(5)), 1);
    const { dress, width } = subject.type as Ground;
    if (dress) {
      const codes = rng.shuffled(Object.values(membersOf(subject.type)));
      const some = codes.slice(0, 1 + rng.below(codes.length));
      const cases = some.map((code) => ({ patterns: [{ value: BigInt(code), mask: 2n ** BigInt(width) - 1n }], body: body() }));
      const open = some.length < codes.length;
      return { kind: 'switch', subject, cases, ...((covered && open) || rng.once(3) ? { otherwise: body() } : {}) };
    }
    const seen = new Set<string>();
    const pattern = (): Pattern[] => {
      const mask = rng.once(3) ? rng.bits(width) | 1n : 2n ** BigInt(width) - 1n;
      const value = rng.bits(width) & mask;
      const key = `${mask}/${value}`;
      if (seen.has(key)) return [];
      seen.add(key);
      return [{ mask, value }];
    };
    const cases = [...Array(1 + rng.below(4))].flatMap(() => {
      const patterns = [...pattern(), ...(rng.once(3) ? pattern() : [])];
      return patterns.length > 0 ? [{ patterns, body: body() }] : [];
    });
    const counted = new Set([...Array(2 ** width).keys()].filter((v) => cases.some((c) => c.patterns.some((p) => (BigInt(v) & p.mask) === p.value))));
    // Cases that name every number need no other; the last of them is then it.
    const open = counted.size < 2 ** width;
    return { kind: 'switch', subject, cases, ...(covered && open ? { otherwise: body() } : {}) };
  }
}
