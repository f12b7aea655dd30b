// The commands of the interactive simulator.
//
// Invariant: each command gives text and an object, and changes nothing when it is refused. What was poked and stepped is remembered, so that `why` can run the same
// from other start values. Refused: unknown commands, wrong numbers of words, values that are none; and whatever the simulation refuses.

import { suggest } from '../../flows/suggest.ts';
import { describe } from '../../hdl/ir/describe.ts';
import { childNames } from '../../hdl/ir/names.ts';
import type { Design, GroundType } from '../../hdl/ir/nodes.ts';
import { type EngineName, type Simulation, simulateDesign, type Value } from '../../sim/index.ts';
import type { Scope } from '../../sim/layout.ts';
import { UserError } from '../errors.ts';
import { reasonText, Tracer } from './why.ts';

export interface SessionOptions {
  readonly engine?: EngineName;
  readonly seed?: number;
  /** Signals that `wave` draws; the ports when absent. */
  readonly signals?: readonly string[];
  readonly vcd?: string;
  /** What paths of sources are shown from. */
  readonly cwd: string;
}

export interface Answer {
  readonly text: string;
  /** Of `--json`. */
  readonly data: { readonly [key: string]: unknown };
}

/** What changes the simulation, to be done again. */
type Deed =
  | { readonly kind: 'poke'; readonly path: string; readonly value: Value | readonly Value[] }
  | { readonly kind: 'step'; readonly cycles: number; readonly clock?: string }
  | { readonly kind: 'reset'; readonly cycles: number };

interface Command {
  readonly usage: string;
  readonly help: string;
  /** Fewest and most words behind the name. */
  readonly words: readonly [number, number];
  readonly run: (words: readonly string[]) => Answer;
}

const MANY = Number.POSITIVE_INFINITY;
/** Runs from other start values that `why` compares with: a bit that hangs on the start is missed once in 64. */
const OTHERS = 6;
const DEPTH = 6;

export class Session {
  readonly sim: Simulation;
  readonly #design: Design;
  readonly #seed: number;
  readonly #cwd: string;
  #deeds: Deed[] = [];
  readonly #saved = new Map<string, { readonly snapshot: ReturnType<Simulation['snapshot']>; readonly deeds: readonly Deed[] }>();
  readonly #commands: { readonly [name: string]: Command };

  constructor(design: Design, { signals, cwd, ...options }: SessionOptions) {
    this.#cwd = cwd;
    this.#design = design;
    this.sim = simulateDesign(design, { ...options, trace: signals ?? true });
    this.#seed = this.sim.seed;
    this.#commands = this.#table();
  }

  /** Whether the design has a reset input. */
  get hasReset(): boolean {
    return this.#design.top.signals.some((s) => s.role === 'input' && s.type.kind === 'reset');
  }

  /** Carries a line out. Undefined for one that is empty or a comment. */
  execute(line: string): Answer | undefined {
    const [name, ...words] = (line.split('#')[0] ?? '').trim().split(/[\s=]+/);
    if (!name) return undefined;
    const command = Object.hasOwn(this.#commands, name) ? this.#commands[name] : undefined;
    if (!command) {
      const near = suggest(name, Object.keys(this.#commands));
      throw new UserError({
        code: 'unknown-command',
        message: `there is no command ${name}; there are ${Object.keys(this.#commands).join(', ')}, quit`,
        help: near ? `did you mean ${near}?` : 'help tells what they do',
      });
    }
    const [fewest, most] = command.words;
    if (words.length < fewest || words.length > most)
      throw new UserError({ code: 'bad-command', message: `${name} with ${words.length} words behind it`, help: `write ${command.usage}` });
    return command.run(words);
  }

  #table(): { readonly [name: string]: Command } {
    return {
      step: this.#stepping('step', 'a cycle, or N; of one CLOCK where there are several', 2),
      run: this.#stepping('run', 'the same, then show the ports', 2),
      poke: {
        usage: 'poke PORT VALUE …',
        help: 'set an input, an array by all its elements',
        words: [2, MANY],
        run: ([path = '', ...values]) => this.#poke(path, values),
      },
      peek: { usage: 'peek SIGNAL …', help: 'show values now', words: [1, MANY], run: (paths) => this.#peek(paths) },
      expect: {
        usage: 'expect SIGNAL VALUE …',
        help: 'fail unless the signal has the value now',
        words: [2, MANY],
        run: ([path = '', ...values]) => this.#expect(path, values),
      },
      reset: { usage: 'reset [N]', help: 'hold the reset for a cycle, or N', words: [0, 1], run: ([n]) => this.#reset(n) },
      wave: { usage: 'wave [SIGNAL …]', help: 'draw what was recorded', words: [0, MANY], run: (signals) => this.#wave(signals) },
      signals: {
        usage: 'signals [TEXT]',
        help: 'list signals by path, those that contain a text',
        words: [0, 1],
        run: ([text]) => this.#signals(text),
      },
      hierarchy: { usage: 'hierarchy', help: 'list instances and meshes', words: [0, 0], run: () => this.#hierarchy() },
      why: {
        usage: 'why SIGNAL [DEPTH]',
        help: 'trace a value, or an X, to what drives it',
        words: [1, 2],
        run: ([path = '', depth]) => this.#why(path, depth),
      },
      snapshot: { usage: 'snapshot [NAME]', help: 'remember the state', words: [0, 1], run: ([name = 'last']) => this.#snapshot(name) },
      restore: { usage: 'restore [NAME]', help: 'go back to it', words: [0, 1], run: ([name = 'last']) => this.#restore(name) },
      help: { usage: 'help', help: 'this', words: [0, 0], run: () => this.#help() },
    };
  }

  #stepping(name: 'step' | 'run', help: string, most: number): Command {
    return {
      usage: `${name} [N] [CLOCK]`,
      help,
      words: [0, most],
      run: ([count = '1', clock]) => {
        const cycles = wholeNumber(count, `${name} [N] [CLOCK]`);
        this.#do({ kind: 'step', cycles, ...(clock !== undefined && { clock }) });
        const shown = name === 'run' ? this.#ports() : {};
        const lines = Object.entries(shown).map(([path, value]) => `${path} = ${value}`);
        return { text: [`cycle ${this.sim.cycle}`, ...lines].join('\n'), data: { ...(name === 'run' && { outputs: shown }) } };
      },
    };
  }

  /** Does something, and remembers what was done: of a step that an assertion stops, the cycles before it. */
  #do(deed: Deed): void {
    const before = this.sim.cycle;
    let refused = true;
    try {
      apply(deed, this.sim);
      refused = false;
    } finally {
      const cycles = this.sim.cycle - before;
      if (!refused) this.#deeds.push(deed);
      else if (cycles > 0 && deed.kind !== 'poke') this.#deeds.push({ ...deed, cycles });
    }
  }

  #ports(): { readonly [path: string]: string } {
    return Object.fromEntries(
      this.#design.top.signals.filter((s) => s.role === 'output' && s.type.width > 0).map((s) => [s.name, this.#shown(s.name)]),
    );
  }

  #shown(path: string): string {
    const value = this.sim.peek(path);
    return this.sim.shown(path, Array.isArray(value) ? value : [value as Value]);
  }

  #values(path: string, words: readonly string[]): Value | readonly Value[] {
    const type = this.sim.typeOf(path);
    const values = words.map((word) => parseValue(word, type));
    return values.length === 1 ? (values[0] as Value) : values;
  }

  #poke(path: string, words: readonly string[]): Answer {
    const value = this.#values(path, words);
    this.#do({ kind: 'poke', path, value });
    return { text: `${path} = ${this.#shown(path)}`, data: { path, value: this.#shown(path) } };
  }

  #peek(paths: readonly string[]): Answer {
    const values = Object.fromEntries(paths.map((path) => [path, this.#shown(path)]));
    return {
      text: Object.entries(values)
        .map(([path, value]) => `${path} = ${value}`)
        .join('\n'),
      data: { values },
    };
  }

  #expect(path: string, words: readonly string[]): Answer {
    this.sim.expect(path, this.#values(path, words));
    return { text: `${path} = ${this.#shown(path)}, as expected`, data: { path, value: this.#shown(path) } };
  }

  #reset(count = '1'): Answer {
    this.#do({ kind: 'reset', cycles: wholeNumber(count, 'reset [N]') });
    return { text: `cycle ${this.sim.cycle}`, data: {} };
  }

  #wave(signals: readonly string[]): Answer {
    const wave = this.sim.wave(signals.length > 0 ? { signals } : {});
    return { text: wave, data: { wave } };
  }

  #signals(text = ''): Answer {
    const found = this.sim.signals().filter((path) => path.includes(text));
    const signals = found.map((path) => ({ path, type: describe({ type: this.sim.typeOf(path), dims: [] }) }));
    return {
      text: signals.length > 0 ? signals.map(({ path, type }) => `${path}: ${type}`).join('\n') : `no signal contains ${text}`,
      data: { signals },
    };
  }

  #hierarchy(): Answer {
    const lines: string[] = [];
    const list = (scope: Scope, indent: string): void => {
      for (const [child, inner] of scope.children) {
        const shape = 'shape' in child ? `[${child.shape.join('][')}]` : '';
        lines.push(`${indent}${childNames(scope.definition).get(child)}${shape}: ${inner.definition.name}`);
        list(inner, `${indent}  `);
      }
    };
    const { top } = this.sim.engine.layout;
    lines.push(top.definition.name);
    list(top, '  ');
    return { text: lines.join('\n'), data: { hierarchy: lines } };
  }

  #why(path: string, depth?: string): Answer {
    const levels = depth === undefined ? DEPTH : wholeNumber(depth, 'why SIGNAL [DEPTH]');
    const others = Array.from({ length: OTHERS }, (_, i) => simulateDesign(this.#design, { seed: this.#seed + 1 + i, properties: 'collect' }));
    try {
      for (const other of others) for (const deed of this.#deeds) apply(deed, other);
      const reason = new Tracer(this.sim, others, this.#cwd).why(path, levels);
      return { text: reasonText(reason), data: { reason } };
    } finally {
      for (const other of others) other.close();
    }
  }

  #snapshot(name: string): Answer {
    this.#saved.set(name, { snapshot: this.sim.snapshot(), deeds: [...this.#deeds] });
    return { text: `cycle ${this.sim.cycle} is kept as ${name}`, data: { name } };
  }

  #restore(name: string): Answer {
    const saved = this.#saved.get(name);
    if (!saved)
      throw new UserError({
        code: 'no-snapshot',
        message: `there is no snapshot ${name}; there are ${[...this.#saved.keys()].join(', ') || 'none'}`,
        help: 'write snapshot first',
      });
    this.sim.restore(saved.snapshot);
    this.#deeds = [...saved.deeds];
    return { text: `cycle ${this.sim.cycle}`, data: { name } };
  }

  #help(): Answer {
    const commands = [...Object.values(this.#commands), { usage: 'quit', help: 'end' }].map(({ usage, help }) => `${usage.padEnd(24)} ${help}`);
    const values = 'Values: 12, -3, 0xff, 0b101, true, or the name of a member. Paths: fifo.used, pes[1][2].acc.';
    return { text: [...commands, values].join('\n'), data: { commands } };
  }
}

/** Whether a line ends the session. */
export function isQuit(line: string): boolean {
  return /^\s*(quit|exit)\s*$/.test(line);
}

function apply(deed: Deed, sim: Simulation): void {
  if (deed.kind === 'poke') sim.poke(deed.path, deed.value as Value);
  else if (deed.kind === 'step') sim.step(deed.cycles, deed.clock);
  else sim.reset(deed.cycles);
}

function wholeNumber(text: string, usage: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new UserError({ code: 'bad-command', message: `${JSON.stringify(text)} is no whole number`, help: `write ${usage}` });
}

/** A word as a value of a type. */
function parseValue(word: string, type: GroundType): Value {
  const member = type.enumeration?.members.get(word);
  if (member !== undefined) return type.width > 32 ? member : Number(member);
  if (word === 'true' || word === 'false') return Number(word === 'true');
  const [, sign, digits = ''] = /^(-?)(0x[\da-f]+|0b[01]+|\d+)$/i.exec(word) ?? [];
  if (digits === '') {
    const members = type.enumeration && ` of ${[...type.enumeration.members.keys()].join(', ')}`;
    throw new UserError({
      code: 'bad-value',
      message: `${JSON.stringify(word)} is no value`,
      help: members ? `write one${members}` : 'write 12, -3, 0xff, 0b101 or true',
    });
  }
  const value = sign === '-' ? -BigInt(digits) : BigInt(digits);
  return type.width > 32 ? value : Number(value);
}
