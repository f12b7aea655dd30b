// Random programs with loops that cannot block, and what they must do.
//
// Invariant: each semaphore is waited for by one queue only, and every wait finds its tokens when instructions are played one after the other; so the order in which units take turns does not matter.

import { type AcceleratorConfig, acceleratorHash } from '../../../isa/config.ts';
import { INSTRUCTIONS, type Instruction, type InstructionSpec, type Mnemonic, SEMAPHORES } from '../../../isa/instructions.ts';
import type { UnitName } from './control-bench.ts';

interface Leaf {
  readonly instruction: { name: Mnemonic; fields: Instruction['fields']; wait: number[]; signal: number[] };
}
interface Repeat {
  readonly times: number;
  readonly body: readonly Node[];
}
type Node = Leaf | Repeat;

const WAITERS: readonly UnitName[] = ['ld', 'mx', 'vx', 'st'];
const NAMES: readonly Mnemonic[] = [
  'ld.move',
  'mx.multiply',
  'vx.run',
  'st.move',
  'ld.dim',
  'vx.range',
  'mx.offset',
  'fence',
  'interrupt',
  'counters',
];
export const queueOf = (name: Mnemonic): InstructionSpec['queue'] => INSTRUCTIONS[name].queue;

export interface RandomProgram {
  readonly program: readonly Instruction[];
  /** Positions in the program, in the order in which they run. */
  readonly run: readonly number[];
}

function* played(nodes: readonly Node[]): Generator<Leaf> {
  for (const node of nodes) {
    if ('instruction' in node) yield node;
    else for (let i = 0; i < node.times; i++) yield* played(node.body);
  }
}

const sizeOf = (nodes: readonly Node[]): number => nodes.reduce((n, node) => n + ('instruction' in node ? 1 : 1 + sizeOf(node.body)), 0);

/** `below(n)` is a random number less than n. */
export function randomProgram(below: (n: number) => number, config: AcceleratorConfig, most = 12): RandomProgram {
  let mark = 0;
  const leaf = (): Leaf => {
    const name = NAMES[below(NAMES.length)] as Mnemonic;
    const queue = queueOf(name);
    const fields: Instruction['fields'] =
      {
        'ld.move': { memory: ++mark, run: 1 },
        'st.move': { memory: ++mark, run: 1 },
        'mx.multiply': { sums: ++mark },
        'ld.dim': { count: 1, stride: -mark },
        interrupt: { code: ++mark },
      }[name as 'ld.move'] ?? {};
    const own = WAITERS.indexOf(queue as UnitName);
    // Semaphores s with s mod 4 = own are those that the queue waits for.
    const wait = queue === 'control' ? [] : Array.from({ length: SEMAPHORES / 4 }, (_, i) => 4 * i + own).filter(() => below(3) === 0);
    const signal = queue === 'control' ? [] : Array.from({ length: SEMAPHORES }, (_, i) => i).filter(() => below(6) === 0);
    return { instruction: { name, fields, wait, signal } };
  };
  const nodes = (depth: number, count: number): Node[] =>
    Array.from({ length: count }, (): Node => {
      if (depth < 4 && below(4) === 0) return { times: 1 + below(3), body: nodes(depth + 1, 1 + below(depth === 0 ? 8 : 3)) };
      return leaf();
    });
  const tree = nodes(0, 1 + below(most));
  // Waits that would not find a token, and signals that could overflow, are left out.
  for (let changed = true; changed; ) {
    changed = false;
    const tokens = new Array<number>(SEMAPHORES).fill(0);
    const given = new Array<number>(SEMAPHORES).fill(0);
    for (const { instruction } of played(tree)) {
      const lacks = instruction.wait.find((s) => tokens[s] === 0);
      const floods = instruction.signal.find((s) => given[s] === 255);
      if (lacks !== undefined) instruction.wait = instruction.wait.filter((s) => s !== lacks);
      else if (floods !== undefined) instruction.signal = instruction.signal.filter((s) => s !== floods);
      if ((changed = lacks !== undefined || floods !== undefined)) break;
      for (const s of instruction.wait) (tokens[s] as number)--;
      for (const s of instruction.signal) {
        (tokens[s] as number)++;
        (given[s] as number)++;
      }
    }
  }
  const program: Instruction[] = [{ name: 'begin', fields: { hash: acceleratorHash(config) } }];
  const places = new Map<Leaf, number>();
  const emit = (list: readonly Node[]): void => {
    for (const node of list) {
      if ('instruction' in node) places.set(node, program.push({ ...node.instruction }) - 1);
      else {
        program.push({ name: 'loop', fields: { times: node.times, length: sizeOf(node.body) } });
        emit(node.body);
      }
    }
  };
  emit(tree);
  program.push({ name: 'halt', fields: {} });
  return { program, run: [...played(tree)].map((node) => places.get(node) as number) };
}
