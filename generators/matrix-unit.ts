// The matrix unit of a configuration.

import { type Design, elaborate } from '../hdl/index.ts';
import type { Module, ModuleClass } from '../hdl/module.ts';
import { type ArrayConfig, type Dataflow, resetPort } from './array-config.ts';
import { CubeUnit } from './cube-unit.ts';
import { DotUnit } from './dot-unit.ts';
import { DualUnit } from './dual-unit.ts';
import { IsUnit } from './is-unit.ts';
import { OsUnit } from './os-unit.ts';
import { WsUnit } from './ws-unit.ts';

export type { ArrayConfig, Dataflow, ResetKind } from './array-config.ts';
export { BitPlanes, type BitPlanesConfig, bitSerialMode, type PlaneOf } from './pe/bit-planes.ts';
export {
  type BitSerialPeConfig,
  derivedWidth,
  type FloatName,
  type FloatPeConfig,
  type FusiblePeConfig,
  type IntOperand,
  type IntPeConfig,
  type PeConfig,
  type TernaryPeConfig,
  type XnorPeConfig,
} from './pe/config.ts';

const UNITS: { readonly [D in Dataflow]: ModuleClass<Module<ArrayConfig>> } = {
  ws: WsUnit as never,
  os: OsUnit as never,
  is: IsUnit,
  'ws+os': DualUnit as never,
  dot: DotUnit as never,
  cube: CubeUnit as never,
};

/** Elaborates the unit; `name` becomes the top module's name, the class name when absent. Throws HDL-C001 on an element that cannot be, or not in this dataflow. */
export function elaborateMatrixUnit(config: ArrayConfig, name?: string): Design {
  const { rows, cols, dataflow, reset, pe, tile, drain } = config;
  const plain: ArrayConfig = { rows, cols, dataflow, ...(pe && { pe }), ...(tile && { tile }), ...(drain && { drain }) };
  const options = { reset: resetPort(reset), ...(name !== undefined && { name }) };
  return elaborate(UNITS[dataflow], plain, options);
}
