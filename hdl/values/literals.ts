// Literals of TypeScript as constants.

import type { Builder } from '../builder.ts';
import { messages } from '../diagnostics/messages.ts';
import * as build from '../ir/build.ts';
import { describeGround } from '../ir/describe.ts';
import type { Expr, GroundType } from '../ir/nodes.ts';
import type { FixedType, FloatType, UFixedType } from '../number-types.ts';
import { decode, encodeFixed, encodeFloat } from '../numbers.ts';

/** A literal as a constant: of the type's width where that is finite, else of the smallest. Reports and gives undefined on a bad one. */
export function literalOf(builder: Builder, value: unknown, type: GroundType): Expr | undefined {
  if (type.enumeration) {
    const { name, members } = type.enumeration;
    const code = typeof value === 'string' ? members.get(value) : undefined;
    if (code === undefined) builder.report(messages.unknownMember(builder.here(), String(value), name, [...members.keys()]));
    return code === undefined ? undefined : build.constant(type, code);
  }
  if (type.float || type.fraction !== undefined) return numberOf(builder, value, type);
  if (type.kind === 'bool' && typeof value === 'boolean') return build.constant(type.width === 1 ? type : build.BOOL, value ? 1n : 0n);
  if (typeof value !== 'bigint' && !(typeof value === 'number' && Number.isSafeInteger(value))) {
    builder.report(messages.notAnInteger(builder.here(), value));
    return undefined;
  }
  const number = BigInt(value);
  const fitting = Number.isFinite(type.width) ? type : { kind: type.kind, width: type.kind === 'bool' ? 1 : build.widthOf(number, type.kind) };
  const { min, max } = build.rangeOf(fitting);
  if (number < min || number > max) {
    builder.report(
      Number.isFinite(type.width)
        ? messages.literalRange(builder.here(), number, describeGround(type), min, max)
        : messages.negativeOperand(builder.here(), number),
    );
    return undefined;
  }
  return build.constant(fitting, number);
}

/** A number that a fixed-point or floating type has exactly. */
function numberOf(builder: Builder, value: unknown, type: GroundType): Expr | undefined {
  const name = describeGround(type);
  if (typeof value !== 'number') {
    builder.report(messages.notANumber(builder.here(), value, name));
    return undefined;
  }
  const hwType = numberType(type);
  const code = hwType.kind === 'float' ? encodeFloat(hwType.format, value, 'special') : encodeFixed(hwType, value);
  const nearest = code === undefined ? undefined : decode(hwType, code);
  // Fixed point has one zero.
  if (code !== undefined && (Object.is(nearest, value) || (hwType.kind !== 'float' && nearest === value))) return build.constant(type, code);
  builder.report(messages.inexact(builder.here(), value, name, Number.isFinite(nearest) ? nearest : undefined));
  return undefined;
}

/** The type that a ground type with a point or a format came from. */
export function numberType({ kind, width, fraction = 0, float }: GroundType): FixedType | UFixedType | FloatType {
  return float ? { kind: 'float', width, format: float } : { kind: kind === 'sint' ? 'fixed' : 'ufixed', width, fraction };
}
