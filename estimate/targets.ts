// What Yosys does for each target, and what its cells are.
//
// Invariant: every cell of a result is in exactly one class; unknown ones stand under their own names.

export const TARGETS = ['generic', 'ice40', 'ecp5', 'xilinx'] as const;
export type TargetName = (typeof TARGETS)[number];

/** A target, with or without its DSP blocks. */
export interface Target {
  readonly name: TargetName;
  /** Absent where the target has none. */
  readonly dsp?: boolean;
}

/** Cells by class. */
export interface CellCounts {
  /** Look-up tables; gates of one output for `generic`. */
  readonly luts: number;
  readonly carries: number;
  readonly registers: number;
  readonly dsps: number;
  readonly blockRams: number;
  /** Look-up tables that are memory or shift register. */
  readonly lutRams: number;
  /** Multiplexers between look-up tables, and everything else, by the name of the cell. */
  readonly others: { readonly [cell: string]: number };
}

type CellClass = Exclude<keyof CellCounts, 'others'>;

/** The forms in which a target is measured. */
export function formsOf(name: TargetName): readonly Target[] {
  return name === 'generic'
    ? [{ name }]
    : [
        { name, dsp: false },
        { name, dsp: true },
      ];
}

/** `ice40`, `ice40, DSP`. */
export function targetText({ name, dsp }: Target): string {
  return dsp ? `${name}, DSP` : name;
}

/** Yosys commands that map a flat design. */
export function synthesis({ name, dsp }: Target, top: string): string {
  switch (name) {
    case 'generic':
      return `synth -flatten -top ${top}; opt_clean -purge`;
    case 'ice40':
      return `synth_ice40 ${dsp ? '-dsp ' : ''}-top ${top}`;
    case 'ecp5':
      return `synth_ecp5 ${dsp ? '' : '-nodsp '}-top ${top}`;
    case 'xilinx':
      return `synth_xilinx -family xc7 -flatten -noiopad ${dsp ? '' : '-nodsp '}-top ${top}`;
  }
}

const CLASSES: { readonly [T in TargetName]: readonly (readonly [RegExp, CellClass])[] } = {
  generic: [
    [/^\$_(?:S?DFFE?|A?L?DFFS?R?E?|SDFFC?E?|DLATCH|SR)_/, 'registers'],
    [/^\$_(?:NOT|AND|OR|XOR|NAND|NOR|XNOR|ANDNOT|ORNOT|MUX|NMUX|AOI3|OAI3|AOI4|OAI4|BUF)_$/, 'luts'],
    [/^\$mem/, 'blockRams'],
  ],
  ice40: [
    [/^SB_LUT4$/, 'luts'],
    [/^SB_CARRY$/, 'carries'],
    [/^SB_DFF/, 'registers'],
    [/^SB_MAC16$/, 'dsps'],
    [/^SB_RAM40/, 'blockRams'],
  ],
  ecp5: [
    [/^LUT4$/, 'luts'],
    [/^CCU2C$/, 'carries'],
    [/^TRELLIS_FF$/, 'registers'],
    [/^(?:MULT18X18D|ALU54B)$/, 'dsps'],
    [/^(?:DP16KD|PDPW16KD)$/, 'blockRams'],
    [/^TRELLIS_DPR16X4$/, 'lutRams'],
  ],
  xilinx: [
    [/^(?:LUT[1-6]|INV)$/, 'luts'],
    [/^CARRY4$/, 'carries'],
    [/^(?:FD[RSPC]E|LD[CP]E)(?:_1)?$/, 'registers'],
    [/^DSP48E1$/, 'dsps'],
    [/^RAMB(?:18|36)E1$/, 'blockRams'],
    [/^(?:SRL16E|SRLC32E|RAM\d+[XM]\w*)$/, 'lutRams'],
  ],
};

/** Buffers that stand for no logic. */
const IGNORED = /^(?:BUFG|IBUF|OBUF|\$scopeinfo)$/;

/** Yosys's counts by class. */
export function classify(target: TargetName, cells: { readonly [cell: string]: number }): CellCounts {
  const counts = { luts: 0, carries: 0, registers: 0, dsps: 0, blockRams: 0, lutRams: 0 };
  const others: { [cell: string]: number } = {};
  for (const [cell, n] of Object.entries(cells)) {
    if (IGNORED.test(cell)) continue;
    const found = CLASSES[target].find(([name]) => name.test(cell));
    if (found) counts[found[1]] += n;
    else others[cell] = n;
  }
  return { ...counts, others };
}
