// Requantisation in hardware (design note 0019): every arithmetic of `systole/golden`'s `requantise`.

export { REQUANTISE_MODES, type RequantiseMode, type RequantiseOptions, requantiseMode } from './config.ts';
export { Requantiser } from './requantiser.ts';
export { RequantiseUnit, type RequantiseUnitConfig } from './unit.ts';
