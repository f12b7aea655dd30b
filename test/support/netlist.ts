// Netlists as Yosys writes them in JSON, and their combinational core: registers become inputs (their values) and outputs (their next values).
//
// An asynchronous reset becomes an output, too. So do the pins of external modules that they read, and what they drive becomes inputs; and the condition
// and the enable of every property, by kind and name. So of two equal cores none has lost one of these, has another's or asks another thing of it.
//
// Two cores are comparable when their registers are paired: bit by bit, by any name that both designs have for the bit, `.` and `_` alike, since an
// inlined instance joins names by `_`. State whose names changed may be given partners besides (state-pairs.ts). What has no partner stays a free input.

export type Bit = number | '0' | '1' | 'x' | 'z';

export interface Cell {
  readonly type: string;
  readonly parameters: { readonly [name: string]: string };
  readonly port_directions?: { readonly [port: string]: string };
  readonly connections: { readonly [port: string]: readonly Bit[] };
}
export interface Module {
  readonly ports: { readonly [name: string]: { readonly direction: string; readonly bits: readonly Bit[] } };
  readonly cells: { readonly [name: string]: Cell };
  readonly netnames: {
    readonly [name: string]: { readonly bits: readonly Bit[]; readonly hide_name: number; readonly attributes: { readonly [name: string]: string } };
  };
}

/** One bit of state. */
export interface StateBit {
  readonly q: Bit;
  readonly d: Bit;
  readonly clock: Bit;
  /** An asynchronous reset. */
  readonly reset?: Bit;
  /** Polarity of the clock, start value, level and value of the asynchronous reset: what must agree besides. */
  readonly manner: string;
  readonly names: readonly string[];
}

/** A module without its registers. */
export interface Core {
  readonly inputs: Map<string, Bit>;
  readonly outputs: Map<string, Bit>;
  readonly cells: { readonly [name: string]: Cell };
  /** State without a partner that an output depends on, by the name of its input. */
  readonly unpaired: ReadonlyMap<string, StateBit>;
}

const STATE = /^\$a?dff$/;
const PROPERTY = /^\$(assert|assume|cover)$/;
/** What is not of Yosys is an external module. */
const isExternal = ({ type }: Cell): boolean => !type.startsWith('$');

/** The cell that drives each bit. */
export function driversOf(cells: Core['cells']): ReadonlyMap<Bit, Cell> {
  return new Map(Object.values(cells).flatMap((cell) => (cell.connections['Y'] ?? []).map((bit): [Bit, Cell] => [bit, cell])));
}

/** All bits that some depend on, with themselves. */
function coneOf(cells: Core['cells'], roots: Iterable<Bit>): ReadonlySet<Bit> {
  const drivers = driversOf(cells);
  const seen = new Set<Bit>();
  const open = [...roots];
  for (let bit = open.pop(); bit !== undefined; bit = open.pop()) {
    if (seen.has(bit)) continue;
    seen.add(bit);
    for (const [port, bits] of Object.entries(drivers.get(bit)?.connections ?? {})) if (port !== 'Y') for (const b of bits) open.push(b);
  }
  return seen;
}

function stateBits(module: Module): StateBit[] {
  const names = new Map<Bit, string[]>();
  const registers = new Set(Object.values(module.cells).map((cell) => String(cell.connections['Q'])));
  const starts = new Map<Bit, string>();
  for (const [name, { bits, hide_name, attributes }] of Object.entries(module.netnames)) {
    // A word of an array register: its bits are numbered on from those of the words before.
    const [, base, word] = /^(.*)\[(\d+)\]$/.exec(name) ?? [undefined, name, '0'];
    const init = attributes['init'];
    const isRegister = registers.has(String(bits));
    bits.forEach((bit, i) => {
      const list = names.get(bit) ?? [];
      // A register's own name first: another may be made up, and mean something else in the other design.
      if (hide_name === 0) list[isRegister ? 'unshift' : 'push'](`${placeOf(base as string)}#${Number(word) * bits.length + i}`);
      names.set(bit, list);
      if (init && init.at(-1 - i) !== 'x') starts.set(bit, init.at(-1 - i) as string);
    });
  }
  return Object.entries(module.cells).flatMap(([name, cell]) => {
    if (!/ff|latch|mem/.test(cell.type)) return [];
    if (!STATE.test(cell.type)) throw new Error(`${name} is a ${cell.type}, which has no core`);
    const { D, Q, CLK, ARST } = cell.connections as { D: Bit[]; Q: Bit[]; CLK: Bit[]; ARST?: Bit[] };
    const { CLK_POLARITY, ARST_POLARITY, ARST_VALUE } = cell.parameters;
    return Q.map((q, i) => ({
      q,
      d: D[i] as Bit,
      clock: CLK[0] as Bit,
      ...(ARST && { reset: ARST[0] as Bit }),
      manner: `${CLK_POLARITY?.at(-1)}${starts.get(q) ?? ''}${ARST ? `r${ARST_POLARITY?.at(-1)}${ARST_VALUE?.at(-1 - i)}` : ''}`,
      names: names.get(q) ?? [],
    }));
  });
}

/** Where a thing stands, however its parents were dissolved. */
const placeOf = (name: string): string => name.replaceAll(/[.[\]]+/g, '_');

/** Pins of external modules and what properties look at, as inputs and outputs of a core. */
function addObserved(module: Module, states: readonly StateBit[], inputs: Map<string, Bit>, outputs: Map<string, Bit>): void {
  const sampled = new Map(states.map((s) => [s.q, s]));
  const places = new Set<string>();
  for (const [name, cell] of Object.entries(module.cells)) {
    const [, property] = PROPERTY.exec(cell.type) ?? [];
    if (property === undefined && !isExternal(cell)) continue;
    // Of several instances of one name each has a number, which is another when a pass has taken one of them away.
    const external = `${cell.type}${JSON.stringify(cell.parameters)}.${placeOf(name).replace(/_\d+$/, '')}`;
    let place = property === undefined ? external : `${property}.${placeOf(name)}`;
    while (places.has(place)) place += "'";
    places.add(place);
    for (const [port, bits] of Object.entries(cell.connections)) {
      const key = `${place}.${port}`;
      if (property === undefined) {
        bits.forEach((bit, i) => (cell.port_directions?.[port] === 'output' ? inputs : outputs).set(`${key}#${i}`, bit));
        continue;
      }
      // Yosys samples both in registers of their own.
      const s = sampled.get(bits[0] as Bit);
      outputs.set(s ? `${key}.${s.manner}` : key, s?.d ?? (bits[0] as Bit));
      if (s) outputs.set(`${key}.clock`, s.clock);
    }
  }
}

const numberIn = (input: string): number => Number(input.slice(input.indexOf('.') + 1));

/**
 * The cores of two designs with the same ports, with the same inputs and outputs. `more` are partners besides those by name: inputs of the second core
 * and of the first, as they were named without.
 */
export function pairedCores(before: Module, after: Module, more: ReadonlyMap<string, string> = new Map()): readonly [Core, Core] {
  const states = [stateBits(before), stateBits(after)] as const;
  const byName = new Map([...states[0]].reverse().flatMap((s) => s.names.map((n): [string, StateBit] => [n, s])));
  for (const s of states[0]) if (s.names[0] !== undefined) byName.set(s.names[0], s);
  const partner = new Map<StateBit, StateBit>();
  const taken = new Set<StateBit>();
  // The first name of all, before the others of any; one of another reset or edge only took over the name.
  for (const names of [(s: StateBit) => s.names.slice(0, 1), (s: StateBit) => s.names.slice(1)])
    for (const s of states[1]) {
      const found = partner.has(s)
        ? undefined
        : names(s)
            .flatMap((n) => byName.get(n) ?? [])
            .find((p) => !taken.has(p) && p.manner === s.manner);
      if (!found) continue;
      partner.set(s, found);
      taken.add(found);
    }
  for (const [second, first] of more) {
    const [s, p] = [states[1][numberIn(second)], states[0][numberIn(first)]] as [StateBit, StateBit];
    partner.set(s, p);
    taken.add(p);
  }
  const number = new Map(states[0].map((s, i) => [s, i]));
  const make = (module: Module, bits: readonly StateBit[], key: (s: StateBit) => string, isPaired: (s: StateBit) => boolean): Core => {
    const [inputs, outputs] = [new Map<string, Bit>(), new Map<string, Bit>()];
    for (const [name, port] of Object.entries(module.ports))
      port.bits.forEach((bit, i) => (port.direction === 'input' ? inputs : outputs).set(`${name}#${i}`, bit));
    for (const s of bits) {
      inputs.set(key(s), s.q);
      if (!isPaired(s)) continue;
      outputs.set(`next.${key(s)}.${s.manner}`, s.d);
      outputs.set(`clock.${key(s)}`, s.clock);
      if (s.reset !== undefined) outputs.set(`reset.${key(s)}`, s.reset);
    }
    addObserved(module, bits, inputs, outputs);
    const isLogic = (c: Cell): boolean => !STATE.test(c.type) && !PROPERTY.test(c.type) && !isExternal(c) && c.type !== '$scopeinfo';
    const cells = Object.fromEntries(Object.entries(module.cells).filter(([, c]) => isLogic(c)));
    // Cones grow through what has no partner: the inner stages of a delay matter to its last.
    const free = bits.filter((s) => !isPaired(s));
    let live = coneOf(cells, outputs.values());
    for (let size = -1; size !== live.size; ) {
      size = live.size;
      live = coneOf(cells, [...live, ...free.filter((s) => live.has(s.q)).map((s) => s.d)]);
    }
    return { inputs, outputs, cells, unpaired: new Map(free.filter((s) => live.has(s.q)).map((s) => [key(s), s])) };
  };
  return [
    make(
      before,
      states[0],
      (s) => `state.${number.get(s)}`,
      (s) => taken.has(s),
    ),
    make(
      after,
      states[1],
      (s) => (partner.has(s) ? `state.${number.get(partner.get(s) as StateBit)}` : `new.${states[1].indexOf(s)}`),
      (s) => partner.has(s),
    ),
  ];
}
