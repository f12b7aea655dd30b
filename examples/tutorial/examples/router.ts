// Streams: valid and ready, and fields that travel with them.

import { bool, counterType, input, Module, output, uint, vec, when } from 'systole';
import { consumer, fires, producer } from 'systole/std';

export interface RouterConfig {
  readonly outputs: number;
  /** Words of the routing table. */
  readonly entries: number;
}

/**
 * Gives each packet to the output that the routing table has at its header; a header beyond the table goes to output 0. The table is all zero at
 * power-on, is loaded and read through streams of its own, and takes nothing new while a packet or a reading waits, so what is offered stays.
 * No cycle of latency; all three can go on side by side.
 */
export class Router extends Module<RouterConfig> {
  readonly address = counterType(this.cfg.entries - 1);
  readonly route = counterType(this.cfg.outputs - 1);
  readonly packet = { header: uint(8), body: uint(64) };
  readonly p = this.io({
    load: consumer({ addr: this.address, data: this.route }),
    read: consumer({ addr: this.address }),
    response: producer({ data: this.route }),
    in: consumer(this.packet),
    // One packet for all outputs; `valid` says whose it is.
    out: {
      valid: output(vec(bool, this.cfg.outputs)),
      ready: input(vec(bool, this.cfg.outputs)),
      header: output(this.packet.header),
      body: output(this.packet.body),
    },
  });
  readonly table = this.memory(this.route, this.cfg.entries, { init: () => 0 });

  constructor(cfg: RouterConfig) {
    super(cfg);
    const { load, read, response, in: packet, out } = this.p;
    load.ready.set(packet.valid.or(read.valid).not());
    when(fires(load), () => this.table.write(load.addr, load.data));

    response.valid.set(read.valid);
    response.data.set(this.table.readNow(read.addr));
    read.ready.set(response.ready);

    const route = this.table.readNow(packet.header);
    out.header.set(packet.header);
    out.body.set(packet.body);
    for (let i = 0; i < cfg.outputs; i++) out.valid.at(i).set(packet.valid.and(route.eq(i)));
    packet.ready.set(out.ready.at(route));
  }
}
