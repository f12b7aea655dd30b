// What the optional settings of elements are when absent.
//
// Invariant: the one place; an element's summary, name and hardware all come from here. A float's sum without a format has that of its operands, the weight of an mx element that of the
// activation.

import type { PeConfig } from './config.ts';

export const DEFAULTS = {
  int: { accumulator: 32, overflow: 'wrap', stages: 0, gated: false, form: 'multiply' },
  float: { productStages: 0, sumStages: 1 },
  xnor: { masked: false, accumulator: 16, stages: 0 },
  ternary: { accumulator: 16, stages: 0 },
  fusible: { accumulator: 32, stages: 0 },
  'bit-serial': { accumulator: 32, stages: 0 },
  mx: { block: 32, productStages: 0, sumStages: 1 },
} as const satisfies { readonly [K in PeConfig['kind']]: Partial<Extract<PeConfig, { readonly kind: K }>> };

/** The same element with nothing said that goes without saying: one element, one record. */
export function withoutDefaults(cfg: PeConfig): PeConfig {
  const same = cfg.kind === 'float' ? { accumulate: cfg.operand } : cfg.kind === 'mx' ? { weight: cfg.activation } : {};
  const defaults: Readonly<Record<string, unknown>> = { ...DEFAULTS[cfg.kind], ...same };
  return Object.fromEntries(Object.entries(cfg).filter(([key, value]) => !(key in defaults) || defaults[key] !== value)) as unknown as PeConfig;
}
