// Port records of AXI4, AXI4-Lite and AXI4-Stream, with the signal names of ARM IHI 0022 and IHI 0051 in lower case.
//
// Contract: each function gives the master's (transmitter's) side; `flip` gives the slave's. Signals with a width of your choice (ids, user) are
// there when their width is given, so also in the TypeScript type. `channel(port, 'aw')` is a channel as a valid/ready stream.
// Refused: widths that the standards do not have.

import { input, output, type Port } from '../io-types.ts';
import { bool, uint } from '../types.ts';
import type { BoolType, UIntType } from '../value-types.ts';
import { refuse, wholeNumber } from './refuse.ts';

/** Values of AxBURST. */
export const AXI_BURST = { fixed: 0, incr: 1, wrap: 2 } as const;
/** Values of xRESP. */
export const AXI_RESP = { okay: 0, exokay: 1, slverr: 2, decerr: 3 } as const;

/** Widths of an AXI4-Lite bus, in bits. */
export interface AxiLiteConfig {
  /** 1 to 64. */
  readonly addressWidth: number;
  /** 32 or 64. */
  readonly dataWidth: number;
}
/** Widths of an AXI4 bus, in bits. */
export interface Axi4Config {
  /** 1 to 64. */
  readonly addressWidth: number;
  /** 8 to 1024, a power of two. */
  readonly dataWidth: number;
  /** awid, bid, arid and rid. */
  readonly idWidth?: number;
  /** awuser, wuser, buser, aruser and ruser. */
  readonly userWidth?: number;
  /** axlock, axcache, axprot, axqos and axregion; left out when absent. */
  readonly attributes?: true;
}
/** Widths of an AXI-Stream, in bits. */
export interface AxiStreamConfig {
  /** A multiple of 8. */
  readonly dataWidth: number;
  readonly idWidth?: number;
  readonly destWidth?: number;
  readonly userWidth?: number;
  /** tlast, tkeep and tstrb; left out when absent. */
  readonly last?: true;
  readonly keep?: true;
  readonly strobe?: true;
}

type Out = Port<'output', UIntType>;
type In = Port<'input', UIntType>;
type OutBit = Port<'output', BoolType>;
type InBit = Port<'input', BoolType>;
/** The signals `N`, when the configuration gives `K`. */
type When<C, K extends string, N extends string, P> = C extends { readonly [key in K]: number | true } ? { readonly [name in N]: P } : unknown;
type Flat<R> = { readonly [K in keyof R]: R[K] };
type Handshake<C extends string> = { readonly [K in `${C}valid`]: OutBit } & { readonly [K in `${C}ready`]: InBit };
type Answer<C extends string> = { readonly [K in `${C}valid`]: InBit } & { readonly [K in `${C}ready`]: OutBit };
type Attribute = 'cache' | 'prot' | 'qos' | 'region';

/** The five channels as the manager has them. */
export type Axi4Ports<C extends Axi4Config> = Flat<
  { readonly [K in `a${'w' | 'r'}${'addr' | 'len' | 'size' | 'burst'}`]: Out } & Handshake<'aw'> &
    Handshake<'ar'> & { readonly wdata: Out; readonly wstrb: Out; readonly wlast: OutBit } & Handshake<'w'> & { readonly bresp: In } & Answer<'b'> & {
      readonly rdata: In;
      readonly rresp: In;
      readonly rlast: InBit;
    } & Answer<'r'> &
    When<C, 'idWidth', 'awid' | 'arid', Out> &
    When<C, 'idWidth', 'bid' | 'rid', In> &
    When<C, 'userWidth', 'awuser' | 'wuser' | 'aruser', Out> &
    When<C, 'userWidth', 'buser' | 'ruser', In> &
    When<C, 'attributes', `a${'w' | 'r'}${Attribute}`, Out> &
    When<C, 'attributes', 'awlock' | 'arlock', OutBit>
>;
/** The ports as the transmitter has them. */
export type AxiStreamPorts<C extends AxiStreamConfig> = Flat<
  { readonly tdata: Out } & Handshake<'t'> &
    When<C, 'last', 'tlast', OutBit> &
    When<C, 'keep', 'tkeep', Out> &
    When<C, 'strobe', 'tstrb', Out> &
    When<C, 'idWidth', 'tid', Out> &
    When<C, 'destWidth', 'tdest', Out> &
    When<C, 'userWidth', 'tuser', Out>
>;

/** AXI4, master's side. */
export function axi4<const C extends Axi4Config>(config: C): Axi4Ports<C> {
  const { addressWidth, dataWidth, idWidth, userWidth, attributes } = config;
  wholeNumber('address width of axi4()', addressWidth, 1, 64);
  if (![8, 16, 32, 64, 128, 256, 512, 1024].includes(dataWidth)) refuse(`data width of axi4() is ${dataWidth}`, 'pass a power of two from 8 to 1024');
  const id = optional('id', idWidth);
  const user = optional('user', userWidth);
  const out = outputs;
  const address = (a: string) =>
    out(a, {
      ...id,
      addr: uint(addressWidth),
      len: uint(8),
      size: uint(3),
      burst: uint(2),
      ...(attributes && { lock: bool, cache: uint(4), prot: uint(3), qos: uint(4), region: uint(4) }),
      ...user,
      valid: bool,
    });
  return {
    ...address('aw'),
    awready: input(bool),
    ...out('w', { data: uint(dataWidth), strb: uint(dataWidth / 8), last: bool, ...user, valid: bool }),
    wready: input(bool),
    ...inputs('b', { ...id, resp: uint(2), ...user, valid: bool }),
    bready: output(bool),
    ...address('ar'),
    arready: input(bool),
    ...inputs('r', { ...id, data: uint(dataWidth), resp: uint(2), last: bool, ...user, valid: bool }),
    rready: output(bool),
  } as unknown as Axi4Ports<C>;
}

/** AXI4-Lite, master's side. */
export function axiLite({ addressWidth, dataWidth }: AxiLiteConfig) {
  wholeNumber('address width of axiLite()', addressWidth, 1, 64);
  if (dataWidth !== 32 && dataWidth !== 64) refuse(`data width of axiLite() is ${dataWidth}`, 'AXI4-Lite has 32 or 64 bits');
  return {
    awaddr: output(uint(addressWidth)),
    awprot: output(uint(3)),
    awvalid: output(bool),
    awready: input(bool),
    wdata: output(uint(dataWidth)),
    wstrb: output(uint(dataWidth / 8)),
    wvalid: output(bool),
    wready: input(bool),
    bresp: input(uint(2)),
    bvalid: input(bool),
    bready: output(bool),
    araddr: output(uint(addressWidth)),
    arprot: output(uint(3)),
    arvalid: output(bool),
    arready: input(bool),
    rdata: input(uint(dataWidth)),
    rresp: input(uint(2)),
    rvalid: input(bool),
    rready: output(bool),
  };
}

/** AXI4-Stream, transmitter's side. */
export function axiStream<const C extends AxiStreamConfig>(config: C): AxiStreamPorts<C> {
  const { dataWidth, idWidth, destWidth, userWidth, last, keep, strobe } = config;
  if (!(Number.isInteger(dataWidth) && dataWidth >= 8 && dataWidth % 8 === 0))
    refuse(`data width of axiStream() is ${dataWidth}`, 'pass a multiple of 8');
  const bytes = uint(dataWidth / 8);
  const payload = { data: uint(dataWidth), ...(strobe && { strb: bytes }), ...(keep && { keep: bytes }), ...(last && { last: bool }) };
  const sideband = { ...optional('id', idWidth), ...optional('dest', destWidth), ...optional('user', userWidth) };
  return { ...outputs('t', { ...payload, ...sideband, valid: bool }), tready: input(bool) } as unknown as AxiStreamPorts<C>;
}

/** The signals of a port whose names begin with the channel's, without that beginning. */
export type Channel<P, C extends string> = { readonly [K in keyof P as K extends `${C}${infer Rest}` ? Rest : never]: P[K] };

/** A channel (`aw`, `w`, `b`, `ar`, `r`, `t`) as a stream: `{ valid, ready, addr, … }`. */
export function channel<P extends object, const C extends 'aw' | 'w' | 'b' | 'ar' | 'r' | 't'>(port: P, name: C): Channel<P, C> {
  return Object.fromEntries(
    Object.entries(port)
      .filter(([signal]) => signal.startsWith(name))
      .map(([signal, value]) => [signal.slice(name.length), value]),
  ) as Channel<P, C>;
}

type Signals = { readonly [name: string]: BoolType | UIntType };

function outputs(prefix: string, signals: Signals) {
  return Object.fromEntries(Object.entries(signals).map(([name, type]) => [prefix + name, output(type)]));
}

function inputs(prefix: string, signals: Signals) {
  return Object.fromEntries(Object.entries(signals).map(([name, type]) => [prefix + name, input(type)]));
}

function optional(name: string, width: number | undefined): Signals {
  if (width === undefined) return {};
  wholeNumber(`${name} width`, width, 1);
  return { [name]: uint(width) };
}
