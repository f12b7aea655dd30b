// Processing elements by their configuration (design note 0018).

import { refuse } from '../refuse.ts';
import { ternaryPe, xnorPe } from './binary.ts';
import { bitSerialPe } from './bit-serial.ts';
import type { ElementConfig } from './config.ts';
import type { ProcessingElement } from './contract.ts';
import { exchangedPe } from './exchanged.ts';
import { floatPe } from './float.ts';
import { fusiblePe } from './fusible.ts';
import { intPe } from './int.ts';
import { mxPe } from './mx.ts';

export {
  derivedWidth,
  type ElementConfig,
  FLOAT_NAMES,
  type FloatName,
  INT_FORMS,
  INT8_PE,
  type IntForm,
  type IntOperand,
  type IntPeConfig,
  MX_NAMES,
  type MxName,
  type PeConfig,
  type TernaryPeConfig,
  type XnorPeConfig,
} from './config.ts';
export { type Code, type CodeType, firstStep, type PeHost, type ProcessingElement, residentOf, residentType } from './contract.ts';
export { withoutDefaults } from './defaults.ts';

/** What a configuration declares and builds. Throws HDL-C001 on one that cannot be. */
export function processingElement(cfg: ElementConfig): ProcessingElement {
  switch (cfg.kind) {
    case 'int':
      return intPe(cfg);
    case 'float':
      return floatPe(cfg);
    case 'xnor':
      return xnorPe(cfg);
    case 'ternary':
      return ternaryPe(cfg);
    case 'fusible':
      return fusiblePe(cfg);
    case 'bit-serial':
      return bitSerialPe(cfg);
    case 'mx':
      return mxPe(cfg);
    case 'exchanged':
      return exchangedPe(processingElement(cfg.of));
    default:
      return refuse(`an element of kind '${String((cfg as { kind: unknown }).kind)}'`, 'give int, float, xnor, ternary, fusible, bit-serial or mx');
  }
}
