// Every operator in plain Verilog, written from the table of the language and from nothing else: operands extended bit by bit, then unsigned arithmetic.
//
// Invariant: no `signed`, no `$signed`, no `>>>`: a sign is a bit that is copied. Imports nothing from hdl/.

export type Kind = 'uint' | 'sint';
export interface Operand {
  readonly name: string;
  readonly kind: Kind;
  readonly width: number;
}
/** One operator on operands; `n` and `m` are its numbers. */
export interface Application {
  readonly op: string;
  readonly args: readonly Operand[];
  readonly n?: number;
  readonly m?: number;
}
export interface Meaning {
  readonly kind: Kind | 'bool';
  readonly width: number;
  /** Verilog statements that drive `result`, a wire of that width; not asked for when the width is 0. */
  readonly verilog: (result: string) => string;
}

const zeros = (n: number): string => `{${n}{1'b0}}`;
/** The bits of an operand as `n` bits. */
function ext({ name, kind, width }: Operand, n: number): string {
  if (n <= 0) throw new Error('no bits');
  if (width === 0) return zeros(n);
  if (n === width) return name;
  if (n < width) return `${name}[${n - 1}:0]`;
  return `{{${n - width}{${kind === 'sint' ? `${name}[${width - 1}]` : "1'b0"}}}, ${name}}`;
}
const simple = (kind: Meaning['kind'], width: number, value: string): Meaning => ({ kind, width, verilog: (r) => `assign ${r} = ${value};` });
const net = (name: string, width: number, value: string): string => `wire [${width - 1}:0] ${name} = ${value};`;
const signOf = ({ name, kind, width }: Operand): string => (kind === 'sint' && width > 0 ? `${name}[${width - 1}]` : "1'b0");

/** Both operands so that a comparison without signs orders them. */
function ordered(a: Operand, b: Operand): readonly [string, string] {
  const n = Math.max(a.width, b.width) + 1;
  const lift = (x: Operand): string => `(${ext(x, n)} ^ {1'b${x.kind === 'sint' ? 1 : 0}${n > 1 ? `, ${zeros(n - 1)}` : ''}})`;
  return [lift(a), lift(b)];
}

/** Quotient or remainder of the magnitudes, then the sign; the quotient of signed numbers may have one bit more than the dividend. */
function division(a: Operand, b: Operand, kind: Kind, width: number, remainder: boolean): Meaning {
  const n = Math.max(a.width + (kind === 'sint' ? 1 : 0), b.width, 1);
  const magnitude = (x: Operand): string => `${signOf(x)} ? ${zeros(n)} - ${ext(x, n)} : ${ext(x, n)}`;
  return {
    kind,
    width,
    verilog: (r) =>
      [
        net(`${r}_a`, n, magnitude(a)),
        net(`${r}_b`, n, magnitude(b)),
        net(`${r}_m`, n, `${r}_a ${remainder ? '%' : '/'} ${r}_b`),
        net(`${r}_s`, n, `${remainder ? signOf(a) : `${signOf(a)} ^ ${signOf(b)}`} ? ${zeros(n)} - ${r}_m : ${r}_m`),
        `assign ${r} = ${ext(b, Math.max(b.width, 1))} == ${zeros(Math.max(b.width, 1))} ? ${zeros(width)} : ${r}_s[${width - 1}:0];`,
      ].join('\n'),
  };
}

/** One stage for each bit of the amount. */
function barrel(a: Operand, b: Operand, width: number, left: boolean): Meaning {
  return {
    kind: a.kind,
    width,
    verilog: (r) => {
      const lines = [net(`${r}_0`, width, ext(a, width))];
      for (let k = 0; k < b.width; k++) {
        const [by, from] = [Math.min(2 ** k, width), `${r}_${k}`];
        const kept = width - by;
        const fill = left || a.kind === 'uint' ? zeros(by) : `{${by}{${from}[${width - 1}]}}`;
        const moved = kept === 0 ? fill : left ? `{${from}[${kept - 1}:0], ${fill}}` : `{${fill}, ${from}[${width - 1}:${by}]}`;
        lines.push(net(`${r}_${k + 1}`, width, `${b.name}[${k}] ? ${moved} : ${from}`));
      }
      return [...lines, `assign ${r} = ${r}_${b.width};`].join('\n');
    },
  };
}

function reduction({ name, width }: Operand, sign: string, empty: string): Meaning {
  const bits = Array.from({ length: width }, (_, i) => `${name}[${i}]`);
  return simple('bool', 1, width === 0 ? empty : bits.join(` ${sign} `));
}

export function meaning({ op, args, n = 0, m = 0 }: Application): Meaning {
  const [a, b] = args as [Operand, Operand];
  const { kind } = a;
  const most = Math.max(a.width, b?.width ?? 0);
  const binary = (k: Kind, width: number, sign: string): Meaning => ({
    kind: k,
    width,
    verilog: (r) => `assign ${r} = ${ext(a, width)} ${sign} ${ext(b, width)};`,
  });
  const compare = (sign: string): Meaning => simple('bool', 1, ordered(a, b).join(` ${sign} `));
  switch (op) {
    case 'add':
      return binary(kind, most + 1, '+');
    case 'sub':
      return binary(kind, most + 1, '-');
    case 'addw':
      return binary(kind, most, '+');
    case 'subw':
      return binary(kind, most, '-');
    case 'mul':
      return binary(kind, a.width + b.width, '*');
    case 'div':
      return division(a, b, kind, a.width + (kind === 'sint' ? 1 : 0), false);
    case 'rem':
      return division(a, b, kind, Math.min(a.width, b.width), true);
    case 'and':
      return binary('uint', most, '&');
    case 'or':
      return binary('uint', most, '|');
    case 'xor':
      return binary('uint', most, '^');
    case 'eq':
      return compare('==');
    case 'ne':
      return compare('!=');
    case 'lt':
      return compare('<');
    case 'le':
      return compare('<=');
    case 'gt':
      return compare('>');
    case 'ge':
      return compare('>=');
    case 'dshl':
      return barrel(a, b, a.width + 2 ** b.width - 1, true);
    case 'dshr':
      return barrel(a, b, a.width, false);
    case 'mux':
      return { kind, width: most, verilog: (r) => `assign ${r} = c ? ${ext(a, most)} : ${ext(b, most)};` };
    case 'cat':
      return simple('uint', a.width + b.width, `{${args.flatMap((x) => (x.width > 0 ? [x.name] : [])).join(', ')}}`);
    case 'not':
      return simple('uint', a.width, `~${a.name}`);
    case 'neg':
      return simple('sint', a.width + 1, `${zeros(a.width + 1)} - ${ext(a, a.width + 1)}`);
    case 'andR':
      return reduction(a, '&', "1'b1");
    case 'orR':
      return reduction(a, '|', "1'b0");
    case 'xorR':
      return reduction(a, '^', "1'b0");
    case 'shl':
      return simple(kind, a.width + n, a.width === 0 ? zeros(n) : n === 0 ? a.name : `{${a.name}, ${zeros(n)}}`);
    case 'shr': {
      const width = Math.max(a.width - n, kind === 'sint' && a.width > 0 ? 1 : 0);
      return simple(kind, width, a.width > n ? `${a.name}[${a.width - 1}:${n}]` : signOf(a));
    }
    case 'bits':
      return simple('uint', n - m + 1, `${a.name}[${n}:${m}]`);
    case 'extend':
    case 'trunc':
      return { kind, width: n, verilog: (r) => `assign ${r} = ${ext(a, n)};` };
    case 'asUInt':
      return simple('uint', a.width, a.name);
    case 'asSInt':
      return simple('sint', a.width, a.name);
    default:
      throw new Error(`no meaning of ${op}`);
  }
}
