// Layer check: runs dependency-cruiser with the rules of `.dependency-cruiser.cjs` and makes sure that it looked at something.

import { execa } from 'execa';

const FOLDERS = ['isa', 'hdl', 'generators', 'sim', 'compiler', 'flows', 'estimate', 'cli', 'test', 'bench', 'examples', 'scripts'];
/** Fewer than this means that the tool did not understand the sources. */
const FEWEST_MODULES = 60;

const { stdout } = await execa('depcruise', ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...FOLDERS], {
  preferLocal: true,
  reject: false,
});
const { summary } = JSON.parse(stdout) as { summary: { totalCruised: number; violations: { rule: { name: string }; from: string; to: string }[] } };
for (const { rule, from, to } of summary.violations) console.error(`${rule.name}: ${from} → ${to}`);
if (summary.totalCruised < FEWEST_MODULES) {
  console.error(`layers: only ${summary.totalCruised} modules were looked at, at least ${FEWEST_MODULES} were expected; the check is not working`);
  process.exitCode = 1;
} else if (summary.violations.length > 0) {
  process.exitCode = 1;
} else {
  console.log(`layers: ${summary.totalCruised} modules, no violation`);
}
