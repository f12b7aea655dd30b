// Writes docs/instruction-set.md; a test compares.

import { writeFileSync } from 'node:fs';
import { instructionSetMarkdown } from '../isa/docs.ts';

writeFileSync(new URL('../docs/instruction-set.md', import.meta.url), instructionSetMarkdown());
