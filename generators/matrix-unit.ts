// The matrix unit of a configuration.

import { type Design, elaborate } from '../hdl/index.ts';
import { type ArrayConfig, resetPort } from './array-config.ts';
import { OsUnit } from './os-unit.ts';
import { WsUnit } from './ws-unit.ts';

/** Elaborates the unit; `name` becomes the top module's name, the class name when absent. */
export function elaborateMatrixUnit(config: ArrayConfig, name?: string): Design {
  const { rows, cols, dataflow, reset } = config;
  const plain: ArrayConfig = { rows, cols, dataflow };
  const options = { reset: resetPort(reset), ...(name !== undefined && { name }) };
  return dataflow === 'ws' ? elaborate(WsUnit, plain, options) : elaborate(OsUnit, plain, options);
}
