// And-inverter graphs: two-input ands and inversions, equal nodes only once.
//
// A literal is twice a node's number, plus one when inverted; node 0 is false. Nodes are numbered after their operands.

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Rng } from './random.ts';

export type Lit = number;
export const FALSE: Lit = 0;
export const TRUE: Lit = 1;

/** Random bits; their number is a multiple of 16. */
export function randomWord(rng: Rng, bits: number): bigint {
  return [...Array(bits / 16)].reduce<bigint>((word) => (word << 16n) | BigInt(rng.below(65536)), 0n);
}

export class Aig {
  /** Operands by node; an input has none. */
  readonly #ands: (readonly [Lit, Lit] | undefined)[] = [undefined];
  readonly #known = new Map<number, Lit>();

  input(): Lit {
    return 2 * (this.#ands.push(undefined) - 1);
  }

  and(a: Lit, b: Lit): Lit {
    if (a > b) return this.and(b, a);
    if (a === FALSE || (a ^ 1) === b) return FALSE;
    if (a === TRUE || a === b) return b;
    const key = a * 2 ** 26 + b;
    let lit = this.#known.get(key);
    if (lit === undefined) {
      this.#known.set(key, (lit = 2 * (this.#ands.push([a, b]) - 1)));
      if (lit >= 2 ** 26) throw new Error('the graph is too large');
    }
    return lit;
  }

  or(a: Lit, b: Lit): Lit {
    return this.and(a ^ 1, b ^ 1) ^ 1;
  }

  xor(a: Lit, b: Lit): Lit {
    return this.or(this.and(a, b ^ 1), this.and(a ^ 1, b));
  }

  mux(c: Lit, t: Lit, f: Lit): Lit {
    return t === f ? t : this.or(this.and(c, t), this.and(c ^ 1, f));
  }

  /** Every node under many random inputs at once, as bits of a number. */
  simulate(seed: number, patterns = 512): (lit: Lit) => bigint {
    const rng = new Rng(seed);
    return this.evaluate(() => randomWord(rng, patterns), patterns);
  }

  /** Every node under many inputs at once, as bits of a number; `value` gives those of an input. */
  evaluate(value: (input: Lit) => bigint, patterns: number): (lit: Lit) => bigint {
    const all = (1n << BigInt(patterns)) - 1n;
    const values: bigint[] = [];
    const of = (lit: Lit): bigint => (values[lit >> 1] as bigint) ^ (lit & 1 ? all : 0n);
    for (const [node, and] of this.#ands.entries()) {
      if (node === 0) values.push(0n);
      else if (and) values.push(of(and[0]) & of(and[1]));
      else values.push(value(2 * node));
    }
    return of;
  }

  /** Whether ABC proves that all pairs of literals are equal; undefined when it gives up after some seconds, or breaks down. */
  proves(pairs: readonly (readonly [Lit, Lit])[], dir: string, seconds: number): boolean | undefined {
    const order = this.#cone(pairs.flat());
    for (const side of [0, 1] as const)
      writeFileSync(
        join(dir, `side${side}.aig`),
        this.#file(
          order,
          pairs.map((p) => p[side]),
        ),
      );
    const { stdout: text } = spawnSync('yosys-abc', ['-c', `cec -T ${seconds} side0.aig side1.aig`], {
      cwd: dir,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: (seconds + 60) * 1000,
    });
    if (/Networks are equivalent/.test(text)) return true;
    return /NOT EQUIVALENT/.test(text) ? false : undefined;
  }

  /** Nodes that literals depend on: inputs, then ands in order. */
  #cone(roots: readonly Lit[]): { readonly inputs: readonly number[]; readonly ands: readonly number[] } {
    const seen = new Set<number>();
    const open = roots.map((r) => r >> 1);
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (seen.has(node) || node === 0) continue;
      seen.add(node);
      for (const lit of this.#ands[node] ?? []) open.push(lit >> 1);
    }
    const nodes = [...seen].sort((a, b) => a - b);
    return { inputs: nodes.filter((n) => !this.#ands[n]), ands: nodes.filter((n) => this.#ands[n]) };
  }

  /** The binary AIGER format. */
  #file({ inputs, ands }: { readonly inputs: readonly number[]; readonly ands: readonly number[] }, outputs: readonly Lit[]): Uint8Array {
    const numbers = new Map([[0, 0], ...[...inputs, ...ands].map((node, i): [number, number] => [node, i + 1])]);
    const moved = (lit: Lit): Lit => 2 * (numbers.get(lit >> 1) as number) + (lit & 1);
    const head = `aig ${inputs.length + ands.length} ${inputs.length} 0 ${outputs.length} ${ands.length}\n${outputs.map((o) => `${moved(o)}\n`).join('')}`;
    const bytes = [...Buffer.from(head)];
    const delta = (value: number): void => {
      let rest = value;
      for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
      bytes.push(rest);
    };
    for (const node of ands) {
      const [a, b] = (this.#ands[node] as readonly [Lit, Lit]).map(moved).sort((x, y) => y - x) as [Lit, Lit];
      delta(2 * (numbers.get(node) as number) - a);
      delta(a - b);
    }
    return Uint8Array.from(bytes);
  }
}
