// Conditional assignment.

import { currentBuilder } from './builder.ts';
import type { Stmt } from './ir/nodes.ts';
import { Origin } from './source.ts';
import type { Bool } from './value-types.ts';
import { condition } from './values.ts';

export interface WhenChain {
  /** Another condition, tried when none before held. */
  elsewhen(cond: Bool, body: () => void): WhenChain;
  /** When no condition held. */
  otherwise(body: () => void): void;
}

/** Assignments in `body` take effect while `cond` is true. Later assignments win over earlier ones. */
export function when(cond: Bool, body: () => void): WhenChain {
  const builder = currentBuilder('when()');
  const statement = { kind: 'when' as const, cond: condition(builder, cond), then: [] as Stmt[], else: [] as Stmt[], at: Origin.here() };
  builder.when(statement);
  builder.branch(statement.then, body);
  return {
    elsewhen(next, nextBody) {
      let chain: WhenChain | undefined;
      builder.branch(statement.else, () => { chain = when(next, nextBody); });
      return chain as WhenChain;
    },
    otherwise(lastBody) {
      builder.branch(statement.else, lastBody);
    },
  };
}
