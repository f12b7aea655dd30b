// Constant folding: operators on constants, and identities that are exact to the bit, such as x + 0, x & 1…1, mux(true, x, y), a comparison that the
// types decide; conditionals on a constant become their branch.
//
//     before:  q <= mux(eq(3:u2, 3:u2), add(x, 0:u1), y)      after:  q <= extend:u9(x)
//     before:  when 0:bool { q <= a } else { q <= b }         after:  q <= b

import type { Design, Stmt, When } from '../ir/nodes.ts';
import { exprMapper, mapDefinitions, mapStmts } from '../ir/rewrite.ts';
import { simplify } from './identities.ts';

/** Equal in every bit; no signal appears or vanishes. */
export function fold(design: Design): Design {
  return mapDefinitions(design, (definition) => ({ ...definition, body: mapStmts(definition.body, { expr: exprMapper(simplify), when: decide }) }));
}

function decide(stmt: When): readonly Stmt[] {
  if (stmt.cond.op === 'const') return stmt.cond.value === 1n ? stmt.then : stmt.else;
  return stmt.then.length === 0 && stmt.else.length === 0 ? [] : [stmt];
}
