// Yosys: the native program, or the same as WebAssembly from npm.
//
// Invariant: a run sees the files that it is given and nothing else, and leaves nothing behind. Refused: what Yosys refuses, in its words (UserError `tool-failed`).

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../flows/user-error.ts';
import { type ChildOptions, runTool, toolFailed } from '../sim/cosim/child-process.ts';
import { toolVersion } from '../sim/cosim/tools.ts';

export interface YosysRun {
  /** Read and written by name. */
  readonly files: { readonly [name: string]: string };
  /** One after the other. */
  readonly commands: readonly string[];
  /** Files that the commands write and that are asked for. */
  readonly wanted: readonly string[];
}
export interface Yosys {
  /** As `yosys -V` says, with `WebAssembly` where it is. */
  readonly version: string;
  run(run: YosysRun): Promise<{ readonly [name: string]: string }>;
}

/** @param which `native`, `wasm`, or `auto`: native when it is there. */
export async function findYosys(which: 'native' | 'wasm' | 'auto', options: ChildOptions): Promise<Yosys> {
  if (which === 'wasm') return wasmYosys();
  try {
    return await nativeYosys(options);
  } catch (error) {
    if (which === 'auto' && error instanceof UserError && error.code === 'missing-tool') return wasmYosys();
    throw error;
  }
}

async function nativeYosys(options: ChildOptions): Promise<Yosys> {
  const version = await toolVersion('yosys', options);
  return {
    version: /Yosys \S+/.exec(version)?.[0] ?? version,
    async run({ files, commands, wanted }) {
      const cwd = await mkdtemp(join(tmpdir(), 'systole-area-'));
      try {
        for (const [name, text] of Object.entries(files)) await writeFile(join(cwd, name), text);
        await runTool('yosys', ['-q', '-p', commands.join('; ')], { ...options, cwd });
        const read = wanted.map(async (name) => [name, await readFile(join(cwd, name), 'utf8')] as const);
        return Object.fromEntries(await Promise.all(read));
      } finally {
        await rm(cwd, { recursive: true, force: true });
      }
    },
  };
}

type Tree = { readonly [name: string]: string | Uint8Array | Tree };

async function wasmYosys(): Promise<Yosys> {
  const { runYosys, Exit } = await import('@yowasp/yosys');
  const collect = () => {
    let text = '';
    const decoder = new TextDecoder();
    return { write: (bytes: Uint8Array | null) => void (text += bytes ? decoder.decode(bytes, { stream: true }) : ''), text: () => text };
  };
  const start = async (args: string[], files: Tree): Promise<{ readonly files: Tree; readonly said: string }> => {
    const out = collect();
    try {
      const left = (await runYosys(args, files as never, { stdout: out.write, stderr: out.write })) as unknown as Tree;
      return { files: left ?? {}, said: out.text() };
    } catch (error) {
      if (error instanceof Exit) throw toolFailed('yosys', 'failed', out.text());
      throw error;
    }
  };
  const { said } = await start(['-V'], {});
  return {
    version: `${/Yosys \S+/.exec(said)?.[0] ?? 'Yosys'} (WebAssembly)`,
    async run({ files, commands, wanted }) {
      const left = await start(['-q', '-p', commands.join('; ')], files);
      const text = (name: string): string => {
        const file = left.files[name];
        return typeof file === 'string' ? file : new TextDecoder().decode(file as Uint8Array);
      };
      return Object.fromEntries(wanted.map((name) => [name, text(name)]));
    },
  };
}
