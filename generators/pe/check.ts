// What all elements refuse alike.

import { checkStages, refuse } from '../refuse.ts';

/** Widest sum. */
const MAX_ACCUMULATOR = 256;
const MAX_STAGES = 16;

const article = (kind: string): string => (/^[aeiou]|^xnor|^mx/.test(kind) ? 'an' : 'a');

export function checkAccumulator(kind: string, width: number): void {
  if (Number.isInteger(width) && width >= 2 && width <= MAX_ACCUMULATOR) return;
  refuse(`${article(kind)} ${kind} element with an accumulator of ${String(width)} bits`, `give 2 to ${MAX_ACCUMULATOR} bits`);
}

export function checkPipeline(kind: string, stages: number, least = 0): void {
  checkStages(`${article(kind)} ${kind} element`, stages, least, MAX_STAGES);
}

export function checkLanes(kind: string, lanes: number, most: number): void {
  if (Number.isInteger(lanes) && lanes >= 1 && lanes <= most) return;
  refuse(`${article(kind)} ${kind} element of ${String(lanes)} lanes`, `give 1 to ${most} lanes`);
}
