// Process groups of child processes, which are killed when this process exits and when a signal ends it.
//
// Invariant: listeners are there only while there are groups.

const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

const groups = new Set<number>();

export function isRunning(pid: number): boolean {
  return groups.has(pid);
}

/** A group is killed from now on when this process ends. */
export function enter(pid: number): void {
  if (groups.size === 0) {
    process.on('exit', killAll);
    for (const signal of Object.keys(SIGNALS)) process.on(signal, onSignal);
  }
  groups.add(pid);
}

export function leave(pid: number): void {
  groups.delete(pid);
  if (groups.size > 0) return;
  process.off('exit', killAll);
  for (const signal of Object.keys(SIGNALS)) process.off(signal, onSignal);
}

function killAll(): void {
  for (const pid of groups) killGroup(pid, 'SIGKILL');
}

/** Our listener takes the default action away; where nobody else listens any more, it has to end the process itself. */
function onSignal(signal: keyof typeof SIGNALS): void {
  killAll();
  if (process.listenerCount(signal) === 1) process.exit(SIGNALS[signal]);
}

export function killGroup(pid: number | undefined, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}
