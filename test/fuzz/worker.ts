// A process that checks the seeds it is sent, batch by batch.

import { type EngineName, Fuzzer } from './run.ts';

const fuzzer = new Fuzzer(JSON.parse(process.argv[2] as string) as EngineName[]);
process.on('message', (seeds: number[]) => {
  process.send?.(fuzzer.check(seeds));
});
process.on('disconnect', () => {
  fuzzer.close();
  process.exit();
});
