// Vectors and bundles.

import { currentBuilder } from '../builder.ts';
import { messages } from '../diagnostics/messages.ts';
import * as build from '../ir/build.ts';
import { describe } from '../ir/describe.ts';
import { fieldTypes, type LeafTree, leavesOf, mapLeaves } from '../leaves.ts';
import { describeType } from '../types.ts';
import type { HwType } from '../value-types.ts';
import { HwValue, makeValue, registerKind } from './base.ts';
import { Scalar } from './scalar.ts';

/** A vector; its leaves carry the length as their outermost dimension. */
export class VecImpl extends HwValue {
  readonly kind = 'vec';
  readonly hwType: HwType;
  readonly leaves: LeafTree;
  readonly length: number;
  readonly #element: HwType;

  constructor(type: Extract<HwType, { readonly kind: 'vec' }>, leaves: LeafTree) {
    super();
    this.hwType = type;
    this.leaves = leaves;
    this.length = type.length;
    this.#element = type.element;
  }

  at(index: number | Scalar): HwValue {
    const builder = currentBuilder('at()');
    if (typeof index === 'number' && !(Number.isInteger(index) && index >= 0 && index < this.length)) {
      builder.report(messages.indexRange(builder.here(), index, this.length));
      return this.at(0);
    }
    // A signal without bits is 0.
    const position = typeof index === 'number' ? index : index.width === 0 ? 0 : index.expr;
    if (typeof position !== 'number' && position.type.kind !== 'uint')
      builder.report(messages.indexKind(builder.here(), 'an index', describe(position)));
    return makeValue(
      this.#element,
      mapLeaves(this.leaves, ({ expr, target }) => ({
        expr: build.element(expr, position),
        target: target && { ...target, path: [...target.path, position] },
      })),
    );
  }

  reversed(): VecImpl {
    return new VecImpl(
      this.hwType as never,
      mapLeaves(this.leaves, ({ expr }) => ({ expr: build.reverse(expr) })),
    );
  }

  asUInt(): Scalar {
    const parts = leavesOf(this.leaves);
    if (parts.length === 1 && parts[0]) return new Scalar({ expr: build.pack(parts[0].leaf.expr) });
    const builder = currentBuilder('asUInt()');
    builder.report(messages.operandKind(builder.here(), 'asUInt', describeType(this.hwType), 'a vector of ground values'));
    return new Scalar({ expr: build.constant(build.ground('uint', 1), 0n) });
  }

  *[Symbol.iterator](): IterableIterator<HwValue> {
    for (let i = 0; i < this.length; i++) yield this.at(i);
  }
}

/** A bundle: its fields are own properties. */
export class BundleImpl extends HwValue {
  readonly kind = 'bundle';
  readonly hwType: HwType;
  readonly leaves: LeafTree;

  constructor(type: Extract<HwType, { readonly kind: 'bundle' }>, leaves: LeafTree) {
    super();
    this.hwType = type;
    this.leaves = leaves;
    for (const [name, field] of fieldTypes(type.fields)) {
      Object.defineProperty(this, name, { value: makeValue(field, (leaves as { [field: string]: LeafTree })[name] as LeafTree), enumerable: true });
    }
  }
}

registerKind('vec', (type, leaves) => new VecImpl(type as never, leaves));
registerKind('bundle', (type, leaves) => new BundleImpl(type as never, leaves));
