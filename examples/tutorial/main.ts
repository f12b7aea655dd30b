// npm run tutorial [-- name …]: how far the problems are solved.

import { HdlError } from 'systole';
import { firstDifference } from './specs/check.ts';
import { EXERCISE_NAMES, exercise } from './specs/index.ts';

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !EXERCISE_NAMES.includes(name));
if (unknown !== undefined) {
  console.error(`there is no problem \`${unknown}\`; there are ${EXERCISE_NAMES.join(', ')}`);
  process.exit(2);
}

/** What is left to do, or undefined. */
async function left(name: string): Promise<string | undefined> {
  try {
    return firstDifference(await exercise(name, 'problems'));
  } catch (error) {
    if (error instanceof HdlError) return `is no circuit yet\n${error.message}`;
    throw error;
  }
}

let solved = 0;
const names = asked.length > 0 ? asked : EXERCISE_NAMES;
for (const name of names) {
  const problem = await left(name);
  if (problem === undefined) solved++;
  console.log(problem === undefined ? `✓ ${name}` : `✗ ${name}: ${problem}`);
}
console.log(`${solved} of ${names.length} solved`);
process.exitCode = solved === names.length ? 0 : 1;
