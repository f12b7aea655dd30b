// Programs of others with the CPU time that they and their children took.

import { execa } from 'execa';
import { UserError } from '../../flows/user-error.ts';
import { toolVersion } from '../../sim/cosim/tools.ts';

/** Output and CPU seconds. Throws with the tool's own words when it fails. */
export async function timed(program: string, args: readonly string[], cwd: string): Promise<{ readonly stdout: string; readonly seconds: number }> {
  // `time` of bash counts children, and children of children.
  const command = 'TIMEFORMAT="@%U %S"; time "$0" "$@"';
  const { stdout, stderr, exitCode } = await execa('bash', ['-c', command, program, ...args], { cwd, reject: false });
  const [, user, system] = /@([\d.]+) ([\d.]+)\s*$/.exec(stderr) ?? [];
  if (exitCode !== 0 || user === undefined) throw new Error(`${program} failed:\n${stderr.slice(0, 2000)}`);
  return { stdout, seconds: Number(user) + Number(system) };
}

/** The first line of what a tool says of itself; undefined when it is not there. */
export async function versionOf(program: Parameters<typeof toolVersion>[0]): Promise<string | undefined> {
  try {
    return await toolVersion(program, { cwd: '.', env: process.env, signal: new AbortController().signal });
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
