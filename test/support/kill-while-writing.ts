// Preloaded into a process of gen: sends the process TEST_SIGNAL when half of its files are written, and says what is on disk then.

import fs, { readdirSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { dirname, join } from 'node:path';

const real = fs.promises.writeFile;
let written = 0;

fs.promises.writeFile = (async (file: string, text: string) => {
  await real(file, text);
  if (++written !== 4) return;
  const stage = /^(.*\/)(\.systole-new-[^/]*)\//.exec(file);
  if (stage)
    process.stderr.write(
      `seen half-written: ${readdirSync(dirname(join(stage[1] as string, 'x')))
        .filter((f) => f === stage[2])
        .join()}\n`,
    );
  process.kill(process.pid, process.env['TEST_SIGNAL'] as NodeJS.Signals);
}) as typeof real;
syncBuiltinESMExports();
