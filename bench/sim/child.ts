// The process of `inChild`: the name of a design, an engine and a number of cycles; an answer in JSON on stdout.

import type { EngineName } from '../../sim/index.ts';
import { simulateDesign } from '../../sim/index.ts';
import { designNamed } from './designs.ts';
import { cpuSeconds } from './measure.ts';
import type { ChildAnswer } from './systole.ts';

const [, , name = '', engine, cycles] = process.argv;
const design = designNamed(name);
const peak = (): number => process.resourceUsage().maxRSS / 1024;
const megabytesBefore = peak();
const begin = cpuSeconds();
using sim = simulateDesign(design.elaborate(), { engine: engine as EngineName });
sim.step(1);
const coldSeconds = cpuSeconds() - begin;
sim.step(Number(cycles));
process.stdout.write(JSON.stringify({ coldSeconds, megabytes: peak(), megabytesBefore } satisfies ChildAnswer));
