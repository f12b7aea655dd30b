// A crossing of two roads that says what must hold of it: `npm run prove -- examples/traffic-light/main.ts`.

import { assert, bool, counterType, cover, enumeration, input, Module, output, past, switchOn, when } from '../../hdl/index.ts';

const Light = enumeration('Light', ['red', 'yellow', 'green']);
const Phase = enumeration('Phase', ['north', 'northEnds', 'east', 'eastEnds']);
/** Most cycles that a waiting road sees the other one green. */
const LONGEST = 5;

export class TrafficLight extends Module {
  /** Cars wait in front of a light. */
  readonly p = this.io({ northCar: input(bool), eastCar: input(bool), north: output(Light), east: output(Light) });
  readonly phase = this.reg(Phase, { reset: 'north' });
  /** Cycles of green while the other road waits. */
  readonly green = this.reg(counterType(LONGEST), { reset: 0 });
  /** Cycles that a car has waited in the east. */
  readonly waited = this.reg(counterType(2 * LONGEST), { reset: 0 });

  constructor() {
    super();
    const { p, phase, green, waited } = this;
    p.north.set('red');
    p.east.set('red');
    const stays = (other: typeof p.eastCar, next: () => void) => {
      when(other.not(), () => green.set(0))
        .elsewhen(green.lt(LONGEST - 1), () => green.set(green.addw(1)))
        .otherwise(() => {
          green.set(0);
          next();
        });
    };
    switchOn(phase, {
      north: () => {
        p.north.set('green');
        stays(p.eastCar, () => phase.set('northEnds'));
      },
      northEnds: () => {
        p.north.set('yellow');
        phase.set('east');
      },
      east: () => {
        p.east.set('green');
        stays(p.northCar, () => phase.set('eastEnds'));
      },
      eastEnds: () => {
        p.east.set('yellow');
        phase.set('north');
      },
    });

    assert(p.north.eq('red').or(p.east.eq('red')), 'one of the roads has red');
    assert(past(p.north).ne('green').or(p.north.ne('red')), 'red comes after yellow');
    when(p.eastCar.not().or(p.east.eq('green')), () => waited.set(0)).otherwise(() => waited.set(waited.addw(1)));
    assert(waited.le(LONGEST + 2), 'a car in the east waits for no more than one green of the north');
    cover(p.east.eq('green').and(past(p.northCar)), 'the east has green while the north waits');
  }
}
