// Programs out of the facts of facts.ts, one for each instruction of the list.
//
// Invariant: a program gives one word to the host: 0 when all cases are as expected, else the number of the first that is not, counted from 1.
// Registers: x5 what is expected, x6 the number of the case, x7 the result; x1 to x3 operands.

import type { BranchFacts, ImmediateFacts, LoadFacts, RegisterFacts, StoreFacts } from './facts.ts';
import { AUIPC_FACTS, BRANCH_FACTS, IMMEDIATE_FACTS, LOAD_FACTS, LUI_FACTS, REGISTER_FACTS, STORE_FACTS } from './facts.ts';

const nops = (count: number): string[] => Array.from({ length: count }, () => 'nop');
/** Instructions between results and their uses. */
const GAPS = [
  [0, 0],
  [0, 1],
  [0, 2],
  [1, 0],
  [1, 1],
  [2, 0],
] as const;

/** The cases of a program. */
class Cases {
  readonly lines: string[] = [];
  #number = 0;

  /** Code, and what the register has to hold behind it. */
  add(register: string, expected: number, ...code: readonly string[]): void {
    this.begin();
    this.lines.push(...code, `li x5, ${expected}`, `bne ${register}, x5, fail`);
  }

  /** Sets the number of the next case, whose code jumps to `fail` by itself. */
  begin(...code: readonly string[]): number {
    this.lines.push(`li x6, ${++this.#number}`, ...code);
    return this.#number;
  }

  program(data: readonly string[] = []): string {
    return [...this.lines, 'li x6, 0', 'fail: lui x5, 0x80000', 'sw x6, (x5)', 'ecall', '.align 4', ...data, ''].join('\n');
  }
}

function registerProgram(op: string, facts: RegisterFacts): string {
  const cases = new Cases();
  const load = ([left, right]: readonly [number, number, ...unknown[]]) => [`li x1, ${left}`, `li x2, ${right}`];
  for (const fact of facts.results) cases.add('x7', fact[2], ...load(fact), `${op} x7, x1, x2`);
  const [left, right, both] = facts.overwriting;
  cases.add('x1', left[2], ...load(left), `${op} x1, x1, x2`);
  cases.add('x2', right[2], ...load(right), `${op} x2, x1, x2`);
  cases.add('x1', both[2], ...load(both), `${op} x1, x1, x1`);
  let next = 0;
  const turn = () => facts.bypassed[next++ % facts.bypassed.length] as (typeof facts.bypassed)[0];
  for (const gap of [0, 1, 2]) {
    const fact = turn();
    cases.add('x3', fact[2], ...load(fact), `${op} x7, x1, x2`, ...nops(gap), 'mv x3, x7');
  }
  for (const swap of [false, true])
    for (const [between, behind] of GAPS) {
      const fact = turn();
      const [first, second] = swap ? load(fact).reverse() : load(fact);
      cases.add('x7', fact[2], first as string, ...nops(between), second as string, ...nops(behind), `${op} x7, x1, x2`);
    }
  const [zeroLeft, zeroRight, zeroBoth] = facts.fromZero;
  cases.add('x7', zeroLeft[2], ...load(zeroLeft), `${op} x7, x0, x2`);
  cases.add('x7', zeroRight[2], ...load(zeroRight), `${op} x7, x1, x0`);
  cases.add('x7', zeroBoth[2], `${op} x7, x0, x0`);
  cases.add('x0', 0, ...load(facts.toZero), `${op} x0, x1, x2`);
  return cases.program();
}

function immediateProgram(op: string, facts: ImmediateFacts): string {
  const cases = new Cases();
  for (const [left, right, result] of facts.results) cases.add('x7', result, `li x1, ${left}`, `${op} x7, x1, ${right}`);
  const [left, right, result] = facts.overwriting;
  cases.add('x1', result, `li x1, ${left}`, `${facts.overwritingWith ?? op} x1, x1, ${right}`);
  for (const [i, fact] of facts.bypassed.entries()) {
    const [behind, inFront] = i < 3 ? [nops(i), []] : [[], nops(i - 3)];
    cases.add('x3', fact[2], `li x1, ${fact[0]}`, ...inFront, `${op} x7, x1, ${fact[1]}`, ...behind, 'mv x3, x7');
  }
  cases.add('x7', facts.fromZero[2], `${op} x7, x0, ${facts.fromZero[1]}`);
  cases.add('x0', 0, `li x1, ${facts.toZero[0]}`, `${op} x0, x1, ${facts.toZero[1]}`);
  return cases.program();
}

function branchProgram(op: string, facts: BranchFacts): string {
  const cases = new Cases();
  const load = ([left, right]: readonly [number, number]) => [`li x1, ${left}`, `li x2, ${right}`];
  // Forwards over a jump to fail, then backwards to where the same branch goes on.
  for (const pair of facts.taken) {
    const n = cases.begin(...load(pair));
    cases.lines.push(
      `${op} x1, x2, there${n}`,
      'j fail',
      `back${n}: j done${n}`,
      'j fail',
      `there${n}: ${op} x1, x2, back${n}`,
      'j fail',
      `done${n}:`,
    );
  }
  for (const pair of facts.notTaken) {
    const n = cases.begin(...load(pair), 'li x3, 0');
    cases.lines.push(`back${n}: bnez x3, fail`, 'li x3, 1', `${op} x1, x2, fail`, `${op} x1, x2, back${n}`);
  }
  for (const swap of [false, true])
    for (const [between, behind] of GAPS) {
      const [first, second] = swap ? load(facts.bypassed).reverse() : load(facts.bypassed);
      cases.begin(first as string, ...nops(between), second as string, ...nops(behind), `${op} x1, x2, fail`);
    }
  cases.add('x1', 3, 'li x1, 1', `${op} ${facts.skipping.join(', ')}, skipped`, ...skipped('x1'));
  return cases.program();
}

/** Four instructions that must not be executed, and two that must. */
const skipped = (register: string): string[] => {
  const more = `addi ${register}, ${register}, 1`;
  return [more, more, more, more, `skipped: ${more}`, more];
};

function loadProgram(op: string, { directive, data, results, unaligned }: LoadFacts): string {
  const cases = new Cases();
  const size = { '.byte': 1, '.half': 2, '.word': 4 }[directive];
  for (const [i, result] of results.entries()) cases.add('x7', result, 'la x2, data', `${op} x7, ${i * size}(x2)`);
  for (const [i, result] of results.entries()) cases.add('x7', result, `la x2, data + ${3 * size}`, `${op} x7, ${(i - 3) * size}(x2)`);
  cases.add('x3', results[0], 'la x1, data', 'addi x1, x1, -32', `${op} x3, 32(x1)`);
  cases.add('x3', results[1], 'la x1, data', `addi x1, x1, ${-unaligned[0]}`, `${op} x3, ${unaligned[1]}(x1)`);
  for (const inFront of [false, true])
    for (const [gap, element] of [2, 3, 1].entries()) {
      const base = `la x1, data + ${(element - 1) * size}`;
      cases.add('x3', results[element] as number, base, ...nops(inFront ? gap : 0), `${op} x7, ${size}(x1)`, ...nops(inFront ? 0 : gap), 'mv x3, x7');
    }
  for (const gap of [0, 1]) cases.add('x2', 2, 'la x3, data', `${op} x2, 0(x3)`, ...nops(gap), 'li x2, 2');
  return cases.program([...nops(8), `data: ${directive} ${data.join(', ')}`]);
}

function storeProgram(op: string, facts: StoreFacts): string {
  const cases = new Cases();
  const size = { '.byte': 1, '.half': 2, '.word': 4 }[facts.directive];
  for (const [value, element, load, loaded] of facts.results)
    cases.add('x7', loaded, 'la x1, data', `li x2, ${value}`, `${op} x2, ${element * size}(x1)`, `${load} x7, ${element * size}(x1)`);
  for (const [i, [value, , load, loaded]] of facts.results.entries()) {
    if (load !== facts.load) continue;
    const code = [`la x1, data + ${7 * size}`, `li x2, ${value}`, `${op} x2, ${(i - 3) * size}(x1)`, `${load} x7, ${(i - 3) * size}(x1)`];
    cases.add('x7', loaded, ...code);
  }
  cases.add(
    'x3',
    facts.based[1],
    `la x1, data + ${8 * size}`,
    `li x2, ${facts.based[0]}`,
    'addi x3, x1, -32',
    `${op} x2, 32(x3)`,
    `${facts.load} x3, (x1)`,
  );
  const [stored, loaded, below] = facts.unaligned;
  const unaligned = [`la x1, data + ${8 * size}`, `li x2, ${stored}`, `addi x1, x1, ${-below}`, `${op} x2, 7(x1)`];
  cases.add('x3', loaded, ...unaligned, `la x3, data + ${9 * size}`, `${facts.load} x3, (x3)`);
  for (const [i, value] of facts.bypassed.entries()) {
    const [between, behind] = GAPS[i % 6] as (typeof GAPS)[0];
    const loads = [`li x1, ${value}`, 'la x2, data'];
    const [first, second] = i < 6 ? loads : loads.reverse();
    const at = `${(i % 6) * size}(x2)`;
    cases.add('x7', value, first as string, ...nops(between), second as string, ...nops(behind), `${op} x1, ${at}`, `${facts.load} x7, ${at}`);
  }
  const data = Array.from({ length: 10 }, () => facts.background);
  return cases.program([...nops(8), `data: ${facts.directive} ${data.join(', ')}`]);
}

function luiProgram(): string {
  const cases = new Cases();
  for (const [upper, shift, result] of LUI_FACTS) cases.add('x1', result, `lui x1, ${upper}`, `srai x1, x1, ${shift}`);
  cases.add('x0', 0, 'lui x0, 0x80000');
  return cases.program();
}

function auipcProgram(): string {
  const cases = new Cases();
  for (const [i, [upper, distance]] of AUIPC_FACTS.entries())
    cases.add('x3', distance, `auipc x2, ${upper}`, `jal x1, here${i}`, `here${i}: sub x3, x1, x2`);
  return cases.program();
}

function jalProgram(): string {
  const cases = new Cases();
  cases.begin('li x1, 0', 'link: jal x1, target', 'nop', 'nop', 'j fail', 'target: la x2, link', 'addi x2, x2, 4', 'bne x1, x2, fail');
  cases.add('x2', 3, 'li x2, 1', 'jal x1, skipped', ...skipped('x2'));
  return cases.program();
}

function jalrProgram(): string {
  const cases = new Cases();
  cases.begin('la x2, target', 'link: jalr x3, (x2)', 'nop', 'nop', 'j fail', 'target: la x1, link', 'addi x1, x1, 4', 'bne x1, x3, fail');
  cases.begin('li x31, 0', 'la x3, other', 'jalr x0, (x3)', 'nop', 'j fail', 'other: bnez x31, fail');
  for (const gap of [0, 1, 2]) cases.begin(`la x2, by${gap}`, ...nops(gap), 'jalr x3, (x2)', 'j fail', `by${gap}:`);
  // The target lies one instruction in front of the label.
  const code = skipped('x1');
  cases.add('x1', 4, 'li x1, 1', 'la x2, skipped', 'jalr x3, -4(x2)', ...code);
  return cases.program();
}

/** Instructions that the program itself replaces: in front of it, and behind a loop that could have fetched it before. */
function fenceProgram(): string {
  const cases = new Cases();
  cases.add('x10', 444, 'li x10, 111', 'la x1, source', 'lw x1, (x1)', 'la x2, first', 'sw x1, (x2)', 'fence.i', 'first: addi x10, x10, 222');
  const loop = ['li x3, 100', 'loop: addi x3, x3, -1', 'bnez x3, loop'];
  cases.add('x10', 777, ...loop, 'la x2, second', 'sw x1, (x2)', 'fence.i', 'second: addi x10, x10, 555');
  cases.begin('fence');
  return cases.program(['source: addi x10, x10, 333']);
}

const all = <F>(facts: { readonly [op: string]: F }, make: (op: string, facts: F) => string): [string, string][] =>
  Object.entries(facts).map(([op, fact]) => [op, make(op, fact)]);

/** A program for each test of the list, by its name. */
export const ISA_PROGRAMS: { readonly [name: string]: string } = Object.fromEntries([
  ...all(REGISTER_FACTS, registerProgram),
  ...all(IMMEDIATE_FACTS, immediateProgram),
  ...all(BRANCH_FACTS, branchProgram),
  ...all(LOAD_FACTS, loadProgram),
  ...all(STORE_FACTS, storeProgram),
  ...[
    ['lui', luiProgram()],
    ['auipc', auipcProgram()],
    ['jal', jalProgram()],
    ['jalr', jalrProgram()],
    ['fence_i', fenceProgram()],
  ],
  ['simple', new Cases().program()],
]);
