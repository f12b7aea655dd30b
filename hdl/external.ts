// External modules: Verilog that was written elsewhere, with its exact names, and what it does for the in-process engines.
//
// Invariant: nothing of an external module is printed but its instances. Refused: names that Verilog does not allow as they are, since they cannot be
// changed; a body; use as the top of a design.

import { currentBuilder } from './builder.ts';
import { messages } from './diagnostics/messages.ts';
import type { ExternalModel, ParameterValue } from './ir/nodes.ts';
import { Module } from './module.ts';
import { Origin } from './source.ts';

/** What an external module is in Verilog. */
export interface ExternalVerilog {
  /** The module's name in Verilog. */
  readonly name: string;
  /** Values of its parameters: whole numbers (with a width, `{ width: 40, value: -1n }`, where the parameter has one of more than 32 bits), reals, texts. */
  readonly parameters?: { readonly [name: string]: ParameterValue };
  /** The files that hold it, for simulators and provers. */
  readonly files?: readonly string[];
  /** Ports that the domain's clock and reset are connected to, besides those of `io`. A reset is active high unless it says otherwise. */
  readonly clock?: string;
  readonly reset?: string | { readonly name: string; readonly activeLow: boolean };
  /** Outputs that depend on no input in the same cycle; every other one is taken to depend on all. */
  readonly registered?: readonly string[];
}

/**
 * Base of the classes that stand for a Verilog module. Ports keep the names that `io` gives them.
 *
 * ```ts
 * import { ExternalModule, input, output, uint } from 'systole';
 *
 * class Multiplier extends ExternalModule {
 *   readonly verilog = { name: 'MULT9', parameters: { STAGES: 1 }, files: ['rtl/mult9.v'], clock: 'CLK', registered: ['P'] };
 *   readonly p = this.io({ A: input(uint(9)), B: input(uint(9)), P: output(uint(18)) });
 *   override model() {
 *     return {
 *       state: () => ({ p: 0 }),
 *       outputs: (_: object, state: { p: number }) => ({ P: state.p }),
 *       edge: ({ A, B }: { A: number; B: number }) => ({ p: A * B }),
 *     };
 *   }
 * }
 * void Multiplier;
 * ```
 */
export abstract class ExternalModule<C = void> extends Module<C> {
  abstract readonly verilog: ExternalVerilog;

  /** What the module does, for the in-process engines; without it they refuse the design (SIM-E013). */
  model?(): ExternalModel;

  constructor(cfg: C) {
    super(cfg);
    const builder = currentBuilder(`new ${new.target.name}()`);
    const at = Origin.here();
    builder.atEnd(() => {
      const { definition } = builder;
      const { name, parameters = {}, files = [], clock, reset, registered = [] } = this.verilog;
      const place = { at, module: definition.name };
      if (definition.body.length > 0 || definition.signals.some((s) => s.role !== 'input' && s.role !== 'output'))
        builder.report(messages.externalBody(place, name));
      if (clock !== undefined) builder.clock().name = clock;
      if (reset !== undefined) {
        const port = builder.reset();
        port.name = typeof reset === 'string' ? reset : reset.name;
        const [isLow, wantsLow] = [port.type.reset?.activeLow === true, typeof reset === 'object' && reset.activeLow];
        if (isLow !== wantsLow) builder.report(messages.externalReset(place, name, port.name, isLow));
      }
      const outputs = definition.signals.filter((s) => s.role === 'output');
      for (const port of registered)
        if (!outputs.some((o) => o.name === port))
          builder.report(
            messages.externalRegistered(
              place,
              name,
              port,
              outputs.map((o) => o.name),
            ),
          );
      definition.external = {
        name,
        parameters: new Map(Object.entries(parameters)),
        files,
        registered: new Set(outputs.filter((o) => registered.includes(o.name))),
        ...(this.model && { model: () => this.model?.() as ExternalModel }),
      };
    });
  }
}
