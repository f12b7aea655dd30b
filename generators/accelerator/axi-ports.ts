// The AXI4 channels that the masters of an accelerator have: of the five those for reading, or those for writing.

import { type Bool, type BoolVar, cat, lit, type UInt, type UIntVar, uint } from '../../hdl/index.ts';
import { AXI_BURST, type Axi4Ports, axi4, type StreamOf } from '../../hdl/std/index.ts';

/** Addresses of memory have 32 bits. */
export const ADDRESS_BITS = 32;
/** No burst crosses a multiple of it. */
export const PAGE_BYTES = 4096;
/** Who reads, as `arid` and `rid` say it. */
export const READ_IDS = { fetch: 0, load: 1 } as const;
/** All writes are of stores. */
export const WRITE_ID = 0;

/** What the bus of an accelerator is. */
export interface BusConfig {
  /** Bits of data, 32 to 512. */
  readonly bus: number;
}
type Bus = Axi4Ports<{ readonly addressWidth: 32; readonly dataWidth: number; readonly idWidth: 1 }>;
type Of<P, C extends string> = { readonly [K in keyof P as K extends `${C}${string}` ? K : never]: P[K] };

function channels<const C extends string>({ bus }: BusConfig, names: readonly C[]): Of<Bus, C> {
  const all = axi4({ addressWidth: ADDRESS_BITS, dataWidth: bus, idWidth: 1 });
  return Object.fromEntries(Object.entries(all).filter(([signal]) => names.some((name) => signal.startsWith(name)))) as Of<Bus, C>;
}

/** AR and R, master's side. */
export function readChannels(cfg: BusConfig) {
  return channels(cfg, ['ar', 'r']);
}

/** AW, W and B, master's side. */
export function writeChannels(cfg: BusConfig) {
  return channels(cfg, ['aw', 'w', 'b']);
}

/** The address of the beat that a byte lies in. */
export function alignedTo(bytes: number, address: UInt): UInt {
  const bits = Math.log2(bytes);
  return cat(address.shr(bits), lit(uint(bits), 0));
}

/** What all bursts have in common: full width, addresses that rise. */
export function setBurstKind({ size, burst }: { readonly size: UIntVar; readonly burst: UIntVar }, { bus }: BusConfig): void {
  size.set(Math.log2(bus / 8));
  burst.set(AXI_BURST.incr);
}

interface AddressChannel {
  readonly valid: BoolVar;
  readonly ready: Bool;
  readonly id: UIntVar;
  readonly addr: UIntVar;
  readonly len: UIntVar;
  readonly size: UIntVar;
  readonly burst: UIntVar;
}

/** Bursts of one master on AR or AW. */
export function connectAddress(
  channel: AddressChannel,
  id: number,
  cfg: BusConfig,
  bursts: StreamOf<{ readonly addr: UInt; readonly len: UInt }>,
): void {
  channel.valid.set(bursts.valid);
  bursts.ready.set(channel.ready);
  channel.addr.set(bursts.addr);
  channel.len.set(bursts.len);
  channel.id.set(id);
  setBurstKind(channel, cfg);
}
