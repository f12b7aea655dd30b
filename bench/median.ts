// The middle of an odd number of measurements.

export const median = (list: readonly number[]): number => [...list].sort((a, b) => a - b)[list.length >> 1] as number;
