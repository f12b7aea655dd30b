// What the blocks of an accelerator say to each other (design note 0025).
//
// Contract: a read request is a valid/ready beat, its data stand on `data` exactly one cycle after it was taken and only then. A write is a valid/ready beat with a mask of bytes. A unit takes
// an instruction when it is idle and answers with one cycle of `done`.

import { bool, counterType, input, output, uint, vec } from '../../hdl/index.ts';
import { consumer, producer } from '../../hdl/std/stream.ts';
import { ERRORS } from '../../isa/errors.ts';
import { PAYLOAD } from '../../isa/instructions.ts';

/** A memory of rows of bytes. */
export interface RowShape {
  readonly rows: number;
  /** Bytes of a row. */
  readonly width: number;
}

/** The reader's side. */
export function readPort({ rows, width }: RowShape) {
  return { ...producer({ row: counterType(rows - 1) }), data: input(vec(uint(8), width)) };
}

/** The writer's side. */
export function writePort({ rows, width }: RowShape) {
  return producer({ row: counterType(rows - 1), mask: vec(bool, width), data: vec(uint(8), width) });
}

/** Why a unit could not do what it was told: `fault` with `done`. */
export const FAULTS = { none: ERRORS.none, slaveError: ERRORS.slaveError, decodeError: ERRORS.decodeError, sums: ERRORS.sums } as const;

/** Control of a unit. */
export function commandPorts() {
  return {
    cmd: consumer({ opcode: uint(8), payload: uint(PAYLOAD.width) }),
    /** A program begins: dimensions, boxes and offsets are as after a reset. Only while the unit is idle. */
    clear: input(bool),
    /** The instruction has retired; not in the cycle in which it was taken. */
    done: output(bool),
    /** With `done`: one of `FAULTS`. */
    fault: output(uint(3)),
    /** With a fault: the address in memory. */
    address: output(uint(32)),
  };
}
