// Which versions of the tools are there: a part of the key of every build.
//
// Invariant: asked once for each PATH and process.

import { type ChildOptions, runTool } from './child-process.ts';

/** Arguments that print the version in the first line. */
const VERSION_ARGS = { verilator: ['--version'], iverilog: ['-V'], 'g++': ['--version'], yosys: ['-V'], 'nextpnr-ice40': ['--version'] } as const;

const answers = new Map<string, Promise<string>>();

/** The first line of what a tool says about itself, on stderr where stdout stays empty. @throws UserError when it is missing or fails */
export function toolVersion(program: keyof typeof VERSION_ARGS, options: ChildOptions): Promise<string> {
  return firstLine(program, VERSION_ARGS[program], options);
}

/** Verilator's folder of headers, absolute. */
export async function verilatorInclude(options: ChildOptions): Promise<string> {
  return `${await firstLine('verilator', ['--getenv', 'VERILATOR_ROOT'], options)}/include`;
}

function firstLine(program: string, args: readonly string[], options: ChildOptions): Promise<string> {
  const { PATH, VERILATOR_ROOT } = options.env;
  const key = JSON.stringify([program, args, PATH, VERILATOR_ROOT]);
  const known = answers.get(key);
  if (known) return known;
  const answer = runTool(program, args, options).then(({ stdout, stderr }) => (stdout || stderr).split('\n')[0]?.trim() ?? '');
  answers.set(key, answer);
  // An interrupted question may be asked again.
  answer.catch(() => answers.delete(key));
  return answer;
}
