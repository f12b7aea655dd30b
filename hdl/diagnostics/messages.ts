// The wording of every diagnostic of the language, in one place.
//
// Invariant: each message names the value, the rule and the remedy. One code for each kind of mistake; codes are never reused.

import type { Origin } from '../source.ts';
import type { Diagnostic, Note } from './diagnostic.ts';

type Place = { readonly at?: Origin | undefined; readonly module?: string | undefined };

function error(code: string, message: string, help: string, place: Place = {}, notes: readonly Note[] = []): Diagnostic {
  return { code, severity: 'error', message, help, notes, ...place };
}

/** A value of the host as its user wrote it, one level deep. */
export function shown(value: unknown, inner: (part: unknown) => string = String): string {
  if (Array.isArray(value)) return `[${value.map((v) => inner(v)).join(', ')}]`;
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'function') return value.name || 'a function';
  return typeof value !== 'object' || value === null
    ? String(value)
    : `{ ${Object.entries(value)
        .map(([key, v]) => `${key}: ${inner(v)}`)
        .join(', ')} }`;
}

export const messages = {
  badCount: (place: Place, max: unknown) =>
    error(
      'HDL-T001',
      `counterType(${shown(max)}) is not a type: the largest value that is counted to is a whole number of at least 0`,
      'pass such a number; round what was divided',
      place,
    ),
  badWidth: (place: Place, kind: string, width: number, max: number) =>
    error(
      'HDL-T001',
      `${kind}(${width}) is not a type: a width is a whole number of bits from 0 to ${max}`,
      `pass such a width, for instance ${kind}(8)`,
      place,
    ),
  badLength: (place: Place, length: number) =>
    error('HDL-T002', `vec(…, ${length}) is not a type: a length is a whole number of at least 1`, 'pass a whole number of at least 1', place),

  badEnum: (place: Place, name: string, problem: string) =>
    error(
      'HDL-T003',
      `enumeration ${name}: ${problem}`,
      "give distinct names and distinct codes, for instance enumeration('State', ['idle', 'run'])",
      place,
    ),
  unknownMember: (place: Place, member: string, name: string, known: readonly string[]) =>
    error('HDL-T004', `\`${member}\` is not a member of ${name}`, `its members are: ${known.join(', ')}`, place),
  badCase: (place: Place, key: string, type: string, why: string) =>
    error(
      'HDL-T005',
      `case \`${key}\` of a switch on ${type} ${why}`,
      "cases are members of the enumeration, whole numbers in range, or bit patterns such as '0b1??0' of the subject's width",
      place,
    ),

  literalRange: (place: Place, value: bigint, type: string, min: bigint, max: bigint) =>
    error('HDL-W001', `literal ${value} does not fit ${type}, which holds ${min} to ${max}`, 'use a literal in that range, or a wider type', place),
  negativeOperand: (place: Place, value: bigint) =>
    error(
      'HDL-W001',
      `literal ${value} is negative, but the other operand is unsigned`,
      'use a literal of at least 0, sub or subw, or a sint operand',
      place,
    ),
  notAnInteger: (place: Place, value: unknown) =>
    error('HDL-W001', `literal ${shown(value)} is not an integer`, 'pass a whole number or a bigint', place),
  bitsRange: (place: Place, hi: number, lo: number, type: string) =>
    error('HDL-W002', `bits(${hi}, ${lo}) is outside of a ${type} value`, 'both are whole numbers with width − 1 ≥ hi ≥ lo ≥ 0', place),
  sliceWidth: (place: Place, width: unknown, type: string) =>
    error(
      'HDL-W002',
      `slice(…, ${String(width)}) of a ${type} value`,
      'the second argument is a whole number of bits, at most those of the value',
      place,
    ),
  tooWide: (
    place: Place,
    value: string,
    valueWidth: string,
    target: string,
    targetType: string,
    role: string,
    declared: Origin,
    width: number,
    wrap: string | undefined,
  ) =>
    error(
      'HDL-W003',
      `cannot assign ${valueWidth} to ${targetType} ${role} \`${target}\``,
      `keep the low bits with .trunc(${width})${wrap ? `, wrap with ${wrap}` : ''}, or declare ${target} as ${valueWidth}`,
      place,
      [{ text: `${target} is declared ${targetType}; the value is ${value}`, at: declared }],
    ),
  badResize: (place: Place, how: 'trunc' | 'extend', to: number, type: string) =>
    error(
      'HDL-W004',
      `.${how}(${to}) of a ${type} value`,
      how === 'trunc'
        ? 'trunc keeps low bits: its width is at most that of the value; use .extend to widen'
        : 'extend widens: its width is at least that of the value; use .trunc to narrow',
      place,
    ),
  shiftAmount: (place: Place, op: string, amount: unknown) =>
    error(
      'HDL-W005',
      `.${op}(${String(amount)}) shifts by something other than a whole number of at least 0`,
      'pass such a number, or use dshl / dshr to shift by a signal',
      place,
    ),
  shiftBy: (place: Place, op: string, type: string) =>
    error(
      'HDL-W005',
      `.${op} shifts by a uint signal; this one is ${type}`,
      'convert it with .asUInt(), or use shl / shr to shift by a number',
      place,
    ),
  shiftCap: (place: Place, bits: number, cap: number) =>
    error(
      'HDL-W006',
      `dshl by a u${bits} signal would widen the value by up to 2^${bits} − 1 bits`,
      `shift by a signal of at most ${cap} bits`,
      place,
    ),
  shapeMismatch: (place: Place, value: string, target: string, targetType: string, declared: Origin) =>
    error(
      'HDL-W007',
      `cannot assign ${value} to \`${target}\` of type ${targetType}`,
      'arrays are assigned whole only between equal types; convert element by element with .at(i)',
      place,
      [{ text: `${target} is declared here`, at: declared }],
    ),
  indexRange: (place: Place, index: number, length: number) =>
    error('HDL-W008', `at(${index}) is outside of a vector of ${length} elements`, `use 0 to ${length - 1}`, place),

  badFraction: (place: Place, kind: string, width: number, fraction: unknown, max: number) =>
    error(
      'HDL-Q001',
      `${kind}(${width}, ${String(fraction)}) is not a type: the fraction is a whole number from -${max} to ${max}`,
      `pass such a number, for instance ${kind}(${width}, ${width >> 1})`,
      place,
    ),
  badFormat: (place: Place, what: string, help: string) => error('HDL-Q002', `not a float format: ${what}`, help, place),
  inexact: (place: Place, value: number, type: string, nearest: number | undefined) =>
    error(
      'HDL-Q003',
      `literal ${value} is not a value of ${type}`,
      nearest === undefined
        ? 'use a literal in its range, or a wider type'
        : `say that it may be rounded with nearest(type, ${value}), which gives ${nearest}`,
      place,
    ),
  inexactOperand: (place: Place, value: number, type: string) =>
    error(
      'HDL-Q003',
      `literal ${value} has more fraction bits than the ${type} operand, or a sign where that has none`,
      `round on purpose: nearest(fixed(width, fraction), ${value})`,
      place,
    ),
  noCode: (place: Place, value: number, type: string) =>
    error('HDL-Q003', `${value} is beyond the values of ${type}`, 'use a number in its range, or a wider type', place),
  notANumber: (place: Place, value: unknown, type: string) =>
    error('HDL-Q003', `literal ${String(value)} is not a number, which ${type} takes`, 'pass a number of JavaScript, for instance 0.5', place),
  fractionLost: (place: Place, value: string, target: string, targetType: string, declared: Origin, width: number, fraction: number) =>
    error(
      'HDL-Q004',
      `cannot assign ${value} to ${targetType} \`${target}\`: fraction bits would be lost`,
      `round on purpose with .toFixed(${width}, ${fraction}, { rounding: 'halfEven' })`,
      place,
      [{ text: `${target} is declared ${targetType}`, at: declared }],
    ),
  integerLost: (place: Place, value: string, target: string, targetType: string, declared: Origin, width: number, fraction: number) =>
    error(
      'HDL-W003',
      `cannot assign ${value} to ${targetType} \`${target}\`: integer bits would be lost`,
      `narrow on purpose with .toFixed(${width}, ${fraction}, { overflow: 'saturate' })`,
      place,
      [{ text: `${target} is declared ${targetType}`, at: declared }],
    ),
  badNarrowing: (place: Place, what: string, known: readonly string[]) =>
    error('HDL-Q005', `toFixed() does not know ${what}`, `choose one of ${known.join(', ')}`, place),
  floatWidth: (place: Place, value: string, type: string, width: number) =>
    error(
      'HDL-Q006',
      `a ${value} value has not the ${width} bits of ${type}`,
      `convert exactly ${width} bits, with .trunc(${width}) or .extend(${width})`,
      place,
    ),
  badTable: (place: Place, what: string, help: string) => error('HDL-Q007', `table() ${what}`, help, place),

  mixedKinds: (
    place: Place,
    op: string,
    a: string,
    b: string,
    help = 'convert one operand on purpose with .asUInt(), .asSInt(), .asBool() or .extend(n).asSInt()',
  ) => error('HDL-S001', `${op} mixes ${a} and ${b}`, help, place),
  kindMismatch: (place: Place, value: string, target: string, targetType: string, declared: Origin, members?: readonly string[], help?: string) =>
    error(
      'HDL-S002',
      `cannot assign ${value} to ${targetType} \`${target}\``,
      members
        ? `assign a member of ${targetType}: ${members.join(', ')}`
        : targetType.endsWith('reset')
          ? 'give it a reset of that kind, or convert one on purpose: asReset(level.asBool(), kind)'
          : (help ?? 'convert the value with .asUInt(), .asSInt() or .asBool()'),
      place,
      [{ text: `${target} is declared ${targetType}`, at: declared }],
    ),
  conditionKind: (place: Place, type: string) =>
    error('HDL-S003', `a condition is bool; this one is ${type}`, 'compare it (.ne(0)), reduce it (.orR()) or convert a u1 with .asBool()', place),
  operandKind: (place: Place, op: string, type: string, want: string) =>
    error('HDL-S004', `.${op} is not defined on ${type}`, `convert the value to ${want} first`, place),
  indexKind: (place: Place, what: string, type: string) =>
    error('HDL-S004', `${what} is uint; this one is ${type}`, 'convert it with .asUInt() first', place),
  notBits: (place: Place, operand: number, what: string) =>
    error(
      'HDL-S004',
      `cat() joins bits; operand ${operand} is ${what}`,
      'give a number its width, lit(uint(4), 3); take the bits of a vector or a bundle with asBits() of systole/std',
      place,
    ),
  inJavaScript: (place: Place, what: string) =>
    error(
      'HDL-S005',
      `a hardware value was used as a JavaScript value (${what})`,
      'operators are methods: a.add(b), a.eq(b), mux(c, t, f); use when(c, …) in place of if',
      place,
    ),

  unlinked: (place: Place, mesh: string, port: string) =>
    error('HDL-D001', `input \`${port}\` of the elements of mesh \`${mesh}\` is not driven`, 'link it with shift, feed or broadcast', place),
  undriven: (place: Place, name: string, what: string, path: string, bits: string) =>
    error('HDL-D001', `${what} \`${name}\` ${bits}is not driven${path}`, 'assign it on every path, for instance a default before the when', place),
  doublyDriven: (place: Place, name: string, first: Origin) =>
    error('HDL-D002', `\`${name}\` is driven twice`, 'remove one of the two drivers', place, [{ text: 'first driven', at: first }]),
  unused: (place: Place, what: string, name: string): Diagnostic => ({
    code: 'HDL-D003',
    severity: 'warning',
    message: `${what} \`${name}\` is never read`,
    help: 'remove it, or read it',
    notes: [],
    ...place,
  }),

  unwritten: (place: Place, name: string): Diagnostic => ({
    code: 'HDL-D003',
    severity: 'warning',
    message: `memory \`${name}\` is never written and has no contents`,
    help: 'write it, or give it contents with init',
    notes: [],
    ...place,
  }),

  assignInput: (place: Place, name: string, declared: Origin) =>
    error(
      'HDL-P001',
      `\`${name}\` is an input here and cannot be assigned`,
      'assign it where the module is instantiated, or make it an output',
      place,
      [{ text: 'declared', at: declared }],
    ),
  assignSource: (place: Place, name: string, declared: Origin) =>
    error('HDL-P002', `\`${name}\` is driven by the child it belongs to and cannot be assigned`, 'assign an input of the child instead', place, [
      { text: 'declared', at: declared },
    ]),
  notAssignable: (place: Place, type: string) =>
    error('HDL-P003', `a computed ${type} value cannot be assigned`, 'assign a wire, a register or a port', place),
  unknownPort: (place: Place, name: string, module: string, direction: string, known: readonly string[]) =>
    error('HDL-P004', `${module} has no ${direction} \`${name}\``, `its ${direction}s are: ${known.join(', ') || 'none'}`, place),
  foreign: (place: Place, name: string, owner: string, declared: Origin) =>
    error('HDL-P005', `\`${name}\` belongs to module ${owner}`, 'give the value to this module through a port', place, [
      { text: 'declared', at: declared },
    ]),
  notABoundary: (place: Place, a: string, b: string) =>
    error('HDL-P006', `connect() of groups with different fields: ${a} and ${b}`, 'give both the same fields', place),
  notOneDriver: (place: Place, both: boolean) =>
    error(
      'HDL-P006',
      `connect() of two values ${both ? 'that can both be assigned' : 'of which none can be assigned'}`,
      both ? 'say which one drives the other: sink.set(source)' : 'connect a source with a wire, a register, an output or the input of a child',
      place,
    ),

  loop: (place: Place, path: readonly string[], notes: readonly Note[]) =>
    error('HDL-L001', `combinational loop: ${path.join(' → ')}`, 'break it with a register', place, notes),

  /** `reset`: where states lead to it that cannot be reached themselves. */
  unreachableState: (place: Place, state: string, reset: string | undefined) =>
    error(
      'HDL-F001',
      reset === undefined
        ? `no transition leads to state \`${state}\``
        : `no chain of transitions leads from state \`${reset}\` to state \`${state}\``,
      'add a goto to it, or remove the state',
      place,
    ),

  badMemoryDepth: (place: Place, depth: unknown) =>
    error('HDL-R001', `a memory of ${String(depth)} words is not possible`, 'the depth is a whole number of at least 1', place),
  badMemoryInit: (place: Place, why: string) =>
    error(
      'HDL-R002',
      `the contents of a memory ${why}`,
      "give one value of the word's type for each word (for vectors an array a word), or a function of the address",
      place,
    ),
  badMemoryType: (place: Place, type: string) =>
    error('HDL-R003', `a memory cannot hold ${type}`, 'clocks and resets are no data: keep a bool', place),
  noPath: (place: Place, what: string, help: string) => error('HDL-O002', `a path was asked for what ${what}`, help, place),
  noFirrtl: (place: Place, what: string) => error('HDL-O001', `FIRRTL cannot say ${what}`, 'emit Verilog, or write the contents after reset', place),
  badHexFile: (place: Place, path: string, line: number | undefined, fault: string) =>
    error(
      'HDL-R005',
      `the file ${JSON.stringify(path)} ${fault}${line === undefined ? '' : ` (line ${line})`}`,
      'a file has hexadecimal words, // and /* */ comments and @addresses, as $readmemh reads them; a relative path starts at the source file that names it',
      place,
    ),
  badMemoryStyle: (place: Place, name: string, style: string, why: string) =>
    error(
      'HDL-R006',
      `memory \`${name}\` cannot be ${style === 'block' ? 'block RAM' : 'LUT RAM'}: it ${why}`,
      style === 'block'
        ? "block RAM has registered reads, .read(), and two ports at most that write; ask for style 'registers', or for nothing"
        : "LUT RAM has one port that writes; ask for style 'registers', or for nothing",
      place,
    ),
  badMask: (place: Place, got: string, want: string) =>
    error('HDL-R004', `${got} cannot mask a word of ${want}`, 'a mask is a vector of bool, one for each lane of a vector word', place),

  notAnnotatable: (place: Place, what: string, got: string) =>
    error(
      'HDL-A001',
      `${got} has no declaration here that could carry the ${what}`,
      'pass a port, wire, register, instance, mesh, memory or `this`; .named(…) gives a computed value a declaration',
      place,
    ),
  badAttribute: (place: Place, name: string, why: string) =>
    error(
      'HDL-A002',
      `attribute \`${name}\` ${why}`,
      'a name has letters, digits and _; a value is true, a whole number below 2^31 or a string of printable ASCII characters without ` and *)',
      place,
    ),
  emptySection: (place: Place, text: string) =>
    error(
      'HDL-A003',
      `no statement follows the section ${JSON.stringify(text)}`,
      'put section(…) in front of an assignment or a when of the same branch',
      place,
    ),

  unevenSplit: (place: Place, width: number, value: string) =>
    error(
      'HDL-W009',
      `a ${value} value does not split into parts of ${width} bits`,
      'give a width of at least 1 that divides it, or .extend(…) the value first',
      place,
    ),
  reservedPort: (place: Place, name: string, legal: string): Diagnostic => ({
    code: 'HDL-N004',
    severity: 'warning',
    message: `port \`${name}\` of the top is \`${legal}\` in the Verilog: \`${name}\` is a reserved word`,
    help: 'give it another name, so that both sides call it the same',
    notes: [],
    ...place,
  }),

  badName: (place: Place, name: string) =>
    error('HDL-N001', `\`${name}\` is not a name: letters, digits and _ are allowed, not beginning with a digit`, 'choose such a name', place),
  nameTaken: (place: Place, name: string, legal: string, other: string, first: Origin) =>
    error('HDL-N002', `ports \`${other}\` and \`${name}\` both become \`${legal}\` in Verilog`, 'rename one of the two', place, [
      { text: `\`${other}\` is declared`, at: first },
    ]),
  namedAsModule: (place: Place, name: string) =>
    error(
      'HDL-N003',
      `port \`${name}\` has the name of the top module`,
      'rename the port, or give the top another name: elaborate(…, { name })',
      place,
    ),

  badShape: (place: Place, shape: readonly unknown[]) =>
    error('HDL-M001', `[${shape.join(', ')}] is not a mesh shape`, 'a shape is one or more whole numbers of at least 1', place),
  badVector: (place: Place, vector: readonly unknown[], rank: number) =>
    error(
      'HDL-M002',
      `[${vector.join(', ')}] is not a shift of a ${rank}-dimensional mesh`,
      'a shift has one whole number a dimension, not all of them 0',
      place,
    ),
  badAxes: (place: Place, axes: readonly unknown[], rank: number) =>
    error(
      'HDL-M003',
      `[${axes.join(', ')}] are not axes of a ${rank}-dimensional mesh`,
      `name each axis at most once, in rising order, from 0 to ${rank - 1}`,
      place,
    ),
  badOrder: (place: Place, axes: readonly unknown[], rank: number) =>
    error(
      'HDL-M003',
      `[${axes.join(', ')}] is not an order of the axes of a ${rank}-dimensional mesh`,
      `name each axis from 0 to ${rank - 1} once, that of the outermost array first`,
      place,
    ),
  edgeType: (place: Place, port: string, want: string, got: string) =>
    error(
      'HDL-M004',
      `the mesh feeds \`${port}\` with ${got} where ${want} is due`,
      "give one value of the port's type for each element along the edge",
      place,
    ),
  linkTypes: (place: Place, from: string, fromType: string, to: string, toType: string) =>
    error('HDL-M005', `cannot link \`${from}\` (${fromType}) to \`${to}\` (${toType})`, 'linked ports have the same type', place),
  noLeave: (place: Place, vector: readonly number[]) =>
    error(
      'HDL-M006',
      `the shift [${vector.join(', ')}] has no single edge to leave at`,
      '`leave` is for one step along one axis; take what runs out of other shifts with collect',
      place,
    ),
  indexOverflow: (place: Place, port: string, element: readonly number[], value: bigint, type: string, min: bigint, max: bigint) =>
    error(
      'HDL-M007',
      `element [${element.join(', ')}] takes ${value} at \`${port}\`, which does not fit ${type} (${min} to ${max})`,
      'make the port wider, or choose another first value and steps',
      place,
    ),
  badIndex: (place: Place, port: string, type: string, first: unknown, step: readonly unknown[], rank: number) =>
    error(
      'HDL-M008',
      `\`${port}\` (${type}) cannot take ${String(first)} + [${step.join(', ')}]·index in a ${rank}-dimensional mesh`,
      `an index goes to a uint or sint port, with a whole number to begin with and ${rank === 1 ? 'one step' : `${rank} steps, one a dimension`}`,
      place,
    ),
  badSides: (place: Place, vector: readonly number[], sides: readonly string[], axes: readonly number[]) =>
    error(
      'HDL-M009',
      `the shift [${vector.join(', ')}] moves along ${axes.length === 1 ? 'axis' : 'axes'} ${axes.join(', ')}, and is given ${sides.length === 0 ? 'no sides' : `${sides.length === 1 ? 'side' : 'sides'} ${sides.join(', ')}`}`,
      `give what enters across each axis that the vector moves along: sides: { ${axes.map((axis) => `${axis}: …`).join(', ')} }`,
      place,
    ),

  badMessage: (place: Place, kind: string) =>
    error(
      'HDL-V001',
      `${kind}() has no message`,
      `say in words what the property means, for instance ${kind}(full.and(push).not(), 'no push into a full buffer')`,
      place,
    ),

  crossing: (place: Place, source: string, from: string, sink: string, to: string, path: readonly string[], notes: readonly Note[]) =>
    error(
      'HDL-K001',
      `${source} of clock \`${from}\` reaches ${sink} of clock \`${to}\` without a synchroniser: ${path.join(' → ')}`,
      'cross with synchronise() for one bit, PulseSynchroniser for events, Handshake or AsyncFifo for words; of a set of wires that change together only a gray code may cross bit by bit',
      place,
      notes,
    ),
  resetCrossing: (place: Place, source: string, from: string, sink: string, to: string, path: readonly string[], notes: readonly Note[]) =>
    error(
      'HDL-K002',
      `the asynchronous reset of ${sink} of clock \`${to}\` comes from ${source} of clock \`${from}\`: ${path.join(' → ')}`,
      'its release must be timed by the clock of what it resets: put a ResetSynchroniser in between',
      place,
      notes,
    ),
  sharedInput: (place: Place, name: string, clocks: readonly string[], sinks: readonly string[]) =>
    error(
      'HDL-K003',
      `input \`${name}\` of the top is sampled by several clocks: ${clocks.map((c, i) => `${sinks[i]} of \`${c}\``).join(', ')}`,
      `say whose it is, input(…, { domain: '${clocks[0]}' }) or input(…, { asynchronous: true }), and synchronise it for the others`,
      place,
    ),
  asynchronousInput: (place: Place, name: string, sink: string, clock: string, path: readonly string[]) =>
    error(
      'HDL-K004',
      `asynchronous input \`${name}\` reaches ${sink} of clock \`${clock}\` without a synchroniser: ${path.join(' → ')}`,
      'bring it in with synchronise() first',
      place,
    ),
  asyncValue: (place: Place) =>
    error('HDL-K005', 'an asynchronous reset sets a register to a value that is no constant', 'use a constant, or a synchronous reset', place),
  noReset: (place: Place, clock: string) =>
    error(
      'HDL-K006',
      `something here is reset, but the domain of clock \`${clock}\` has no reset`,
      'give the domain one, this.domain({ clock, reset }), or the register its own, resetWith',
      place,
    ),
  twoWriteClocks: (place: Place, name: string, first: string, second: string) =>
    error(
      'HDL-K007',
      `memory \`${name}\` is written by clock \`${first}\` and by clock \`${second}\``,
      'write it in one domain; others may read it through a synchroniser such as AsyncFifo',
      place,
    ),
  notControl: (place: Place, got: string, want: 'clock' | 'reset') =>
    error(
      'HDL-K008',
      `${got} is not a ${want}`,
      want === 'clock'
        ? 'a clock is an input of type clock; for a slower rate use the enable of a domain'
        : 'convert a bool with asReset(bool, kind)',
      place,
    ),
  controlRole: (place: Place, kind: string, name: string, role: string) =>
    error(
      'HDL-K009',
      `${kind} \`${name}\` cannot be ${role}`,
      kind === 'clock' ? 'clocks are inputs and are handed on to children' : 'keep a bool and convert it with asReset(bool, kind)',
      place,
    ),
  unknownClock: (place: Place, name: string, clock: string, known: readonly string[]) =>
    error(
      'HDL-K010',
      `input \`${name}\` belongs to \`${clock}\`, which is no clock of this module`,
      `its clocks are: ${known.join(', ') || 'none'}`,
      place,
    ),
  controlAsData: (place: Place, kind: string, name: string) =>
    error(
      'HDL-K011',
      `${kind} \`${name}\` is used as data`,
      kind === 'clock' ? 'a clock only clocks state: use the enable of a domain in place of a gate' : 'take its level on purpose with .asBool()',
      place,
    ),
  externalName: (place: Place, what: string, name: string, module: string) =>
    error(
      'HDL-X001',
      `\`${name}\` cannot be the name of ${what === 'module' ? 'an external module' : `a ${what} of external module \`${module}\``}: it is no identifier of Verilog or a keyword`,
      `names of external modules are printed as they are; ${what === 'module' ? 'give the name that stands in its file' : 'put a Verilog module with other names around it'}`,
      place,
    ),
  externalTwice: (place: Place, name: string, module: string) =>
    error('HDL-X002', `external module \`${module}\` has two ports \`${name}\``, 'name each port once, in io() or as clock or reset', place),
  externalParameter: (place: Place, name: string, value: unknown, module: string) =>
    error(
      'HDL-X003',
      `parameter \`${name}\` of external module \`${module}\` is ${shown(value)}`,
      'a parameter is a finite number, a bigint, a text, or { width, value } with a whole number that fits',
      place,
    ),
  externalRegistered: (place: Place, module: string, port: string, outputs: readonly string[]) =>
    error('HDL-X004', `\`${port}\` is no output of external module \`${module}\``, `its outputs are: ${outputs.join(', ') || 'none'}`, place),
  externalReset: (place: Place, module: string, port: string, isLow: boolean) =>
    error(
      'HDL-X008',
      `reset \`${port}\` of external module \`${module}\` is active ${isLow ? 'high' : 'low'}, but that of the domain around it is active ${isLow ? 'low' : 'high'}`,
      `instantiate it in a domain whose reset suits, or declare the port in io() as reset({ … }) and assign it`,
      place,
    ),
  externalBody: (place: Place, module: string) =>
    error(
      'HDL-X005',
      `external module \`${module}\` has a body`,
      'it has ports, verilog and model() only; put the rest into a Module that instantiates it',
      place,
    ),
  externalTop: (place: Place, module: string) =>
    error('HDL-X006', `external module \`${module}\` is the top of the design`, 'elaborate a Module that instantiates it', place),
  externalNamedAsTop: (place: Place, name: string) =>
    error('HDL-X007', `external module \`${name}\` has the name of the top module`, 'give the top another name: elaborate(…, { name })', place),

  outsideElaboration: (place: Place, what: string) =>
    error(
      'HDL-E001',
      `${what} outside of a module's construction`,
      'call it in the constructor or a field of a Module; start with elaborate(MyModule, config)',
      place,
    ),
  ioTwice: (place: Place) => error('HDL-E002', 'io() was called twice in one module', 'declare all ports in one record', place),
  ioMissing: (place: Place, module: string) =>
    error('HDL-E003', `module ${module} has no ports: it never called io()`, 'declare them with p = this.io({ … })', place),
  badDepth: (place: Place, first: unknown, step: unknown) =>
    error(
      'HDL-E004',
      `a delay of ${String(first)}${step === 0 ? '' : ` plus ${String(step)} a lane`} is not possible`,
      'depths are whole numbers of at least 0 in every lane',
      place,
    ),
  recursion: (place: Place, module: string) =>
    error(
      'HDL-E005',
      `module ${module} instantiates itself with the same parameters`,
      'change a parameter at each level, and end the recursion',
      place,
    ),
  nestedTooDeep: (place: Place, module: string) =>
    error(
      'HDL-E006',
      `the modules in ${module} nest deeper than JavaScript's stack lasts`,
      'end the recursion, if a module instantiates itself; else give Node a larger stack: node --stack-size=4000',
      place,
    ),
};
