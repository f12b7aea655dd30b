// The main programs that run a printed design under commands from a pipe: a Verilog testbench for Icarus, a C++ program for Verilator.
//
// Commands, one a line, numbers in hexadecimal:
//     i <input> <value>              sets an input
//     d <variable> <word> <value>    writes state
//     s                              settles
//     t <clocks> <cycles>            edges of the clocks in the mask, simultaneous
//     g <variable> <word>            replies `=<value>`
//     n <variable> <scope> <name>    makes a variable known (Verilator; the testbench knows all)
//     q                              replies `=.` when all before it is done
// Invariant: a rising edge sees settled values; the falling edge follows at once. Both programs end with their input.

import { count, type Definition, ports, type Signal } from '../../hdl/ir/nodes.ts';
import type { PrintedDesign } from '../../hdl/verilog/index.ts';
import type { Variable } from './variables.ts';

export const BENCH = 'systole_bench';

/** Variables that one `case` of the testbench chooses among. */
const GROUP = 64;

interface Port {
  readonly signal: Signal;
  readonly name: string;
  readonly width: number;
}

/** The top's inputs that have bits, clocks apart, and its outputs. */
export function portsOf(top: Definition, { places, top: printed }: PrintedDesign): { clocks: Port[]; inputs: Port[]; outputs: Port[] } {
  const nets = places.get(printed)?.nets;
  const all = ports(top).flatMap((signal): Port[] => {
    const net = nets?.get(signal);
    return net ? [{ signal, name: net.name, width: signal.type.width * count(signal.dims) }] : [];
  });
  return {
    clocks: all.filter((p) => p.signal.role === 'input' && p.signal.type.kind === 'clock'),
    inputs: all.filter((p) => p.signal.role === 'input' && p.signal.type.kind !== 'clock'),
    outputs: all.filter((p) => p.signal.role === 'output'),
  };
}

type Ports = ReturnType<typeof portsOf>;

export function icarusBench(top: string, { clocks, inputs, outputs }: Ports, variables: readonly Variable[]): string {
  const widest = [...inputs, ...variables].reduce((most, v) => Math.max(most, v.width), 32);
  const range = (width: number): string => (width === 1 ? '' : `[${width - 1}:0] `);
  const groups = [...Array(Math.ceil(variables.length / GROUP)).keys()];
  const path = (v: Variable): string => `dut${v.scope.slice(top.length)}.${v.name}${v.words === undefined ? '' : '[word]'}`;
  const task = (name: string, arm: (v: Variable) => string | undefined): string[] => [
    ...groups.flatMap((group) => {
      const arms = variables.slice(group * GROUP, (group + 1) * GROUP).flatMap((v, i) => arm(v)?.replace(/^/, `      ${i}: `) ?? []);
      return [`  task ${name}_${group}; begin`, ...(arms.length > 0 ? [`    case (id % ${GROUP})`, ...arms, '    endcase'] : []), '  end endtask'];
    }),
    `  task ${name}; begin`,
    ...(groups.length > 0 ? [`    case (id / ${GROUP})`, ...groups.map((group) => `      ${group}: ${name}_${group};`), '    endcase'] : []),
    '  end endtask',
  ];
  const pulse = (level: number): string => clocks.map((c, i) => `if (mask[${i}]) ${c.name}_i = ${level};`).join(' ');
  return [
    `module ${BENCH};`,
    ...[...clocks, ...inputs].map((p) => `  reg ${range(p.width)}${p.name}_i;`),
    ...outputs.map((p) => `  wire ${range(p.width)}${p.name}_o;`),
    `  ${top} dut (${[...[...clocks, ...inputs].map((p) => `.${p.name}(${p.name}_i)`), ...outputs.map((p) => `.${p.name}(${p.name}_o)`)].join(', ')});`,
    `  integer found; reg [7:0] op; reg [31:0] id; reg [31:0] word; reg [31:0] mask; reg [31:0] left; reg [${widest - 1}:0] value;`,
    ...task('read', (v) => `value = {${path(v)}};`),
    ...task('deposit', (v) => (v.state ? `${path(v)} = value;` : undefined)),
    '  task put; begin',
    ...(inputs.length > 0 ? ['    case (id)', ...inputs.map((p, i) => `      ${i}: ${p.name}_i = value;`), '    endcase'] : []),
    '  end endtask',
    '  initial begin',
    ...clocks.map((c) => `    ${c.name}_i = 0;`),
    ...inputs.map((p) => `    ${p.name}_i = ${p.signal.type.reset?.activeLow ? 1 : 0};`),
    '    #1;',
    `    found = $fscanf(32'h8000_0000, " %c", op);`,
    '    while (found == 1) begin',
    '      case (op)',
    `        "i": begin found = $fscanf(32'h8000_0000, "%h %h", id, value); put; end`,
    `        "d": begin found = $fscanf(32'h8000_0000, "%h %h %h", id, word, value); deposit; end`,
    '        "s": #1;',
    `        "t": begin`,
    `          found = $fscanf(32'h8000_0000, "%h %h", mask, left);`,
    `          while (left > 0) begin ${pulse(1)} #1; ${pulse(0)} #1; left = left - 1; end`,
    '        end',
    `        "g": begin found = $fscanf(32'h8000_0000, "%h %h", id, word); read; $display("=%0h", value); end`,
    '        "q": begin $display("=."); $fflush; end',
    '        default: begin $display("unknown command %c", op); $finish; end',
    '      endcase',
    `      found = $fscanf(32'h8000_0000, " %c", op);`,
    '    end',
    '    $finish(0);',
    '  end',
    'endmodule',
    '',
  ].join('\n');
}

/** Says which nets can be looked up by name. */
export function verilatorConfig(
  variables: readonly Variable[],
  moduleName: (v: Variable) => string,
  { clocks, inputs, outputs }: Ports,
  top: string,
): string {
  const names = new Set([
    ...[...clocks, ...inputs, ...outputs].map((p) => `-module "${top}" -var "${p.name}"`),
    ...variables.map((v) => `-module "${moduleName(v)}" -var "${v.name}"`),
  ]);
  return ['`verilator_config', ...[...names].map((name) => `public_flat_rw ${name}`), ''].join('\n');
}

export function verilatorMain(top: string, { clocks, inputs }: Ports): string {
  const list = (names: readonly Port[]): string => names.map((p) => `"${p.name}"`).join(', ');
  return `#include "V${top}.h"
#include "verilated_sym_props.h"
#include <unistd.h>
#include <vector>

struct Variable { uint8_t* data; int width; int size; };

static VerilatedContext context;
static V${top} model{&context};
static std::vector<Variable> variables, inputs, clocks;
static char buffer[65536];
static size_t at = 0, filled = 0;
static std::string reply;
static bool dirty = true;

static int get() {
  if (at == filled) {
    const ssize_t n = read(0, buffer, sizeof buffer);
    if (n <= 0) return -1;
    at = 0;
    filled = n;
  }
  return static_cast<unsigned char>(buffer[at++]);
}

/** The next word, without the blanks around it; empty at the end. */
static std::string word() {
  int c = get();
  while (c == ' ' || c == '\\n') c = get();
  std::string text;
  for (; c != ' ' && c != '\\n' && c >= 0; c = get()) text += static_cast<char>(c);
  return text;
}

static unsigned long number() { return std::stoul(word(), nullptr, 16); }

static Variable find(const std::string& scope, const std::string& name) {
  const VerilatedScope* const s = context.scopeFind(("TOP." + scope).c_str());
  VerilatedVar* const v = s ? s->varFind(name.c_str()) : nullptr;
  if (!v) {
    fprintf(stderr, "no variable %s.%s\\n", scope.c_str(), name.c_str());
    exit(2);
  }
  return {static_cast<uint8_t*>(v->datap()), v->packed().elements(), static_cast<int>(v->entSize())};
}

static int digit(char c) { return c <= '9' ? c - '0' : c - 'a' + 10; }

static void write(const Variable& v, size_t index, const std::string& hex) {
  uint8_t* const to = v.data + index * v.size;
  std::fill(to, to + v.size, 0);
  const size_t n = hex.size();
  for (size_t i = 0; i < n; ++i) to[i / 2] |= digit(hex[n - 1 - i]) << (i % 2 ? 4 : 0);
  dirty = true;
}

static void show(const Variable& v, size_t index) {
  const uint8_t* const from = v.data + index * v.size;
  reply += '=';
  for (int i = (v.width + 3) / 4 - 1; i >= 0; --i) reply += "0123456789abcdef"[(from[i / 2] >> (i % 2 ? 4 : 0)) & 15];
  reply += '\\n';
}

static void settle() {
  if (dirty) model.eval();
  dirty = false;
}

static void tick(unsigned long mask) {
  settle();
  for (const int level : {1, 0}) {
    for (size_t i = 0; i < clocks.size(); ++i) if (mask >> i & 1) *clocks[i].data = level;
    model.eval();
  }
}

int main() {
  for (const char* const name : std::vector<const char*>{${list(clocks)}}) clocks.push_back(find("TOP", name));
  for (const char* const name : std::vector<const char*>{${list(inputs)}}) inputs.push_back(find("TOP", name));
${inputs.map((p, i) => (p.signal.type.reset?.activeLow ? `  *inputs[${i}].data = 1;\n` : '')).join('')}  settle();
  for (std::string op = word(); !op.empty(); op = word()) {
    if (op == "i") { const auto id = number(); write(inputs[id], 0, word()); }
    else if (op == "d") { const auto id = number(); const auto index = number(); write(variables[id], index, word()); }
    else if (op == "s") settle();
    else if (op == "t") { const auto mask = number(); for (auto left = number(); left > 0; --left) tick(mask); }
    else if (op == "g") { const auto id = number(); show(variables[id], number()); }
    else if (op == "n") {
      const auto id = number();
      const auto scope = word();
      if (variables.size() <= id) variables.resize(id + 1);
      variables[id] = find(scope, word());
    } else if (op == "q") {
      reply += "=.\\n";
      for (size_t done = 0; done < reply.size();) {
        const ssize_t n = ::write(1, reply.data() + done, reply.size() - done);
        if (n <= 0) return 1;
        done += n;
      }
      reply.clear();
    } else { fprintf(stderr, "unknown command %s\\n", op.c_str()); return 2; }
    if (context.gotFinish()) { fprintf(stderr, "$finish\\n"); return 0; }
  }
  model.final();
  return 0;
}
`;
}
