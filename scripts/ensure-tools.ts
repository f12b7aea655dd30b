// Makes sure that the simulators that the tests compare against are there.
//
// As root on a Debian system it installs what is missing with apt; otherwise it says the one command to run and fails.

import { execa } from 'execa';

/** Debian package of each program. */
const PROGRAMS: { readonly [program: string]: string } = {
  verilator: 'verilator',
  iverilog: 'iverilog',
  yosys: 'yosys',
  'nextpnr-ice40': 'nextpnr-ice40',
  z3: 'z3',
  make: 'make',
  'g++': 'g++',
};

async function missing(): Promise<string[]> {
  const checks = Object.keys(PROGRAMS).map(async (program) => {
    const { failed } = await execa('which', [program], { reject: false });
    return failed ? [program] : [];
  });
  return (await Promise.all(checks)).flat();
}

const absent = await missing();
if (absent.length > 0) {
  const packages = absent.map((program) => PROGRAMS[program] as string);
  const command = `apt-get update && apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  const isRoot = process.getuid?.() === 0;
  const hasApt = !(await execa('which', ['apt-get'], { reject: false })).failed;
  if (!isRoot || !hasApt) {
    console.error(`The tests need ${absent.join(', ')}. Install with:\n\n  ${isRoot ? '' : 'sudo '}sh -c '${command}'\n`);
    process.exit(1);
  }
  console.error(`Installing ${packages.join(', ')} …`);
  await execa('sh', ['-c', command], { stdout: 'ignore', stderr: 'inherit', env: { DEBIAN_FRONTEND: 'noninteractive' } });
  const still = await missing();
  if (still.length > 0) {
    console.error(`${still.join(', ')} still missing after installing ${packages.join(', ')}.`);
    process.exit(1);
  }
}
