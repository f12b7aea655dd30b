// The language seen without its static types, for circuits that are data.

/** Any hardware value with any operator; a misuse shows at run time. */
export interface Dyn {
  readonly width: number;
  readonly kind: string;
  set(value: unknown): void;
  at(index: unknown): Dyn;
  bits(hi: number, lo: number): Dyn;
  bit(index: number): Dyn;
  asUInt(): Dyn;
  asSInt(): Dyn;
  asBool(): Dyn;
  asBools(): Dyn;
  reversed(): Dyn;
  trunc(width: number): Dyn;
  extend(width: number): Dyn;
  named(name: string): Dyn;
  readonly [field: string]: unknown;
}

/** Calls an operator by its name. */
export function call(value: Dyn, method: string, ...args: readonly unknown[]): Dyn {
  return (value[method] as (...args: unknown[]) => Dyn).apply(value, [...args]);
}
