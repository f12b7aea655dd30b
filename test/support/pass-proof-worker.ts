// A process that proves the passes on the circuits of the seeds it is sent, each by itself.

import { compare } from './equivalence.ts';
import { circuitPairs, type Proven, passCircuit, passesOf, plainCircuit } from './pass-proof.ts';
import { differsBySat } from './sat.ts';

const { by, plain, seconds } = JSON.parse(process.argv[2] as string) as { by: 'abc' | 'sat'; plain: boolean; seconds: number };

function prove(seed: number): Proven {
  const none = { seed, pairs: 0, same: 0, differ: [], undecided: [] };
  try {
    const { pairs, same } = circuitPairs(`seed ${seed}`, plain ? plainCircuit(seed) : passCircuit(seed), passesOf(seed));
    const found = by === 'sat' ? { differ: [differsBySat(pairs) ?? []].flat(), undecided: [] } : compare(pairs, { seconds });
    return { seed, pairs: pairs.length, same, ...found };
  } catch (error) {
    return { ...none, undecided: [`seed ${seed}: ${error instanceof Error ? error.message : error}`] };
  }
}

process.on('message', (seeds: number[]) => process.send?.(seeds.map(prove)));
process.on('disconnect', () => process.exit());
