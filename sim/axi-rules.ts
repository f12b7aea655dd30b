// What AXI4 asks of a master, looked at in every cycle: an offer stays as it is until it is taken, a burst is INCR, of full width and in one page, WLAST stands on the last beat.
//
// Refused with SIM-E036, with the signal, the cycle and the rule.

import { SimulationError } from './errors.ts';
import type { Value } from './values.ts';

/** The signals of a channel before an edge, without the channel's name. */
export type Shown = { readonly [S in (typeof SIGNALS)[number]]?: Value };
export interface AddressBeat {
  readonly address: number;
  readonly beats: number;
  readonly id: number;
}

const SIGNALS = ['valid', 'ready', 'id', 'addr', 'len', 'size', 'burst', 'data', 'strb', 'resp', 'last'] as const;
const PAGE = 4096;
const INCR = 1;

export class AxiRules {
  readonly #bus: string;
  /** Bytes of a beat. */
  readonly #bytes: number;
  /** Offers that were not taken, as text. */
  readonly #held = new Map<string, string>();

  constructor(bus: string, bytes: number) {
    [this.#bus, this.#bytes] = [bus, bytes];
  }

  /** Nothing is held any more. */
  reset(): void {
    this.#held.clear();
  }

  /** An offer stays, with all that belongs to it, until it is taken. */
  keeps(channel: string, shown: Shown, taken: boolean, cycle: number): void {
    const text = shown.valid ? textOf(shown) : undefined;
    const held = this.#held.get(channel);
    if (held !== undefined && held !== text)
      this.#break(
        `${this.#bus}_${channel}valid offered ${held} and ${text === undefined ? 'took it back' : `changed it to ${text}`} in cycle ${cycle}, without ${channel}ready`,
        'VALID and all that belongs to it stay until READY',
      );
    if (text === undefined || taken) this.#held.delete(channel);
    else this.#held.set(channel, text);
  }

  /** The burst that an address beat begins. */
  burst(channel: 'aw' | 'ar', shown: Shown, cycle: number): AddressBeat {
    const { addr = 0, len = 0, size = 0, burst = 0, id = 0 } = shown;
    const [address, beats, bytes] = [Number(addr), Number(len) + 1, this.#bytes];
    const where = `${this.#bus}_${channel} in cycle ${cycle}: a burst of ${beats} ${beats === 1 ? 'beat' : 'beats'} from 0x${address.toString(16)}`;
    if (Number(burst) !== INCR) this.#break(`${where} has ${channel}burst ${burst}`, 'this memory knows INCR bursts only, which is 1');
    if (2 ** Number(size) !== bytes)
      this.#break(
        `${where} has ${channel}size ${size}, which is ${2 ** Number(size)} bytes`,
        `this memory knows beats of the whole width only, ${bytes} bytes`,
      );
    const end = address - (address % bytes) + beats * bytes;
    if (Math.floor(address / PAGE) !== Math.floor((end - 1) / PAGE))
      this.#break(`${where} of ${bytes} bytes goes on to 0x${(end - 1).toString(16)}`, 'a burst does not cross a multiple of 4096');
    return { address, beats, id: Number(id) };
  }

  /** A beat of write data, the number `beat` of its burst. */
  data({ address, beats }: AddressBeat, beat: number, last: boolean, strobe: bigint, cycle: number): void {
    const where = `${this.#bus}_w in cycle ${cycle}: beat ${beat + 1} of ${beats} of the burst to 0x${address.toString(16)}`;
    if (last !== (beat === beats - 1)) this.#break(`${where} has wlast ${Number(last)}`, 'WLAST stands on the last beat of a burst and on no other');
    if (beat === 0 && (strobe & ((1n << BigInt(address % this.#bytes)) - 1n)) !== 0n)
      this.#break(`${where} has wstrb 0x${strobe.toString(16)}`, 'bytes below the address of the burst are not written');
  }

  #break(problem: string, rule: string): never {
    throw new SimulationError('SIM-E036', problem, rule);
  }
}

function textOf(shown: Shown): string {
  return Object.entries(shown)
    .filter(([signal]) => signal !== 'valid')
    .map(([signal, value]) => `${signal} 0x${value.toString(16)}`)
    .join(', ');
}
