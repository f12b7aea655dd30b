// The instruction set of the accelerator as its users import it: `systole/isa`.

export { adviseAccelerator } from './advise.ts';
export { assemble } from './assemble.ts';
export {
  type AcceleratorConfig,
  type AcceleratorMode,
  acceleratorHash,
  checkAccelerator,
  DEFAULT_ACCELERATOR,
  rowBytes,
} from './config.ts';
export { disassemble, instructionText } from './disassemble.ts';
export { instructionSetMarkdown } from './docs.ts';
export { bytesToWords, decode, encode, encodeProgram, type Illegal, wordsToBytes } from './encode.ts';
export { ERRORS, type ErrorName } from './errors.ts';
export { isaHeader } from './header.ts';
export { type FieldsOf, INSTRUCTIONS, type Instruction, type Mnemonic, VX_OPERATIONS, type VxOperation, WORD_BYTES } from './instructions.ts';
