// The definition that each named design of flows/properties is about.

export const CELLS: { readonly [name: string]: string } = {
  ...{ fifo: 'fifo', 'fifo-pipe-flow': 'fifo', 'fifo-depth-1': 'fifo', 'skid-buffer': 'skid_buffer', 'pipeline-stage': 'pipeline_stage' },
  ...{ 'arbiter-priority': 'stream_arbiter', 'arbiter-priority-lock': 'stream_arbiter', 'arbiter-round-robin': 'stream_arbiter' },
  ...{ fork: 'stream_fork', join: 'join_properties', gray: 'gray_properties', 'one-hot': 'one_hot_properties', 'lowest-bit': 'bit_properties' },
  ...{ counter: 'counter', 'up-down-counter': 'up_down_counter', 'lfsr-fibonacci': 'lfsr', 'lfsr-galois': 'lfsr' },
  ...{ 'shift-register': 'serial_to_parallel', 'register-bank': 'register_bank' },
};
