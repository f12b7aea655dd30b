#!/usr/bin/env -S node --import tsx
// The command of the package and of npm run lint:signals.

import { main } from './lint-signals.ts';
import { runAsProcess } from './run.ts';

await runAsProcess(main);
