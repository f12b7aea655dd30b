/**
 * Problems made from a shape and a seed.
 * Invariant: the same arguments give the same problem for ever; results in reports name only shape and seed.
 * Refused: empty dimensions.
 */
import { type FillKind, operandSeed, randomInt8, randomInt32 } from './prng.ts';
import { checkShape, type Problem, type Shape } from './shape.ts';

/** How to fill a random problem; the kind is "uniform" unless given. */
export interface RandomProblemOptions {
  readonly withD: boolean;
  readonly kind?: FillKind;
}

/**
 * A random problem: each operand is filled row-major from its own generator, seeded by `operandSeed`.
 *
 * @param seed taken modulo 2^32
 * @throws RangeError when a dimension is not an integer >= 1
 */
export function randomProblem(shape: Shape, seed: number, options: RandomProblemOptions): Problem {
  checkShape(shape);
  const { m, k, n } = shape;
  const kind = options.kind ?? 'uniform';
  return {
    m,
    k,
    n,
    a: randomInt8(operandSeed(seed, 'a'), m * k, kind),
    b: randomInt8(operandSeed(seed, 'b'), k * n, kind),
    d: options.withD ? randomInt32(operandSeed(seed, 'd'), m * n, kind) : undefined,
  };
}
