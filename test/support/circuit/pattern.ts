// The cases of a switch as the language writes them.

import type { Ground } from '../reference.ts';
import type { Pattern } from './data.ts';

/** `0b1?0`, or the member of an enumeration. */
export function patternText({ dress, width }: Ground, { value, mask }: Pattern): string {
  if (dress && 'members' in dress) return Object.entries(dress.members).find(([, code]) => BigInt(code) === value)?.[0] as string;
  const bit = (i: number): string => ((mask >> BigInt(i)) & 1n ? String((value >> BigInt(i)) & 1n) : '?');
  return `0b${[...Array(width).keys()].reverse().map(bit).join('')}`;
}
