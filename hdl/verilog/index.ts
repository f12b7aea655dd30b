// Verilog-2005 of a design: prepare, name, print.

import type { Definition, Design, Property } from '../ir/nodes.ts';
import { dropProperties } from '../passes/drop-properties.ts';
import { splitMeshes } from '../passes/split-meshes.ts';
import { moduleNames } from './module-names.ts';
import { assignNames } from './names.ts';
import type { ModulePlaces } from './places.ts';
import { prepareModule } from './prepare.ts';
import { printModule } from './print.ts';
import type { PropertyStyle } from './properties.ts';

/** One printed file. */
export interface VerilogFile {
  /** The module's name; the file is `<name>.v`, or `<name>.sv` with properties in SystemVerilog. */
  readonly name: string;
  readonly extension: 'v' | 'sv';
  readonly text: string;
  /** What `$readmemh` in it reads: the name and the text of each file. */
  readonly contents?: readonly { readonly file: string; readonly text: string }[];
  /** The properties in it, by label. */
  readonly labels?: ReadonlyMap<string, Property>;
}

/** How a design is printed. */
export interface VerilogOptions {
  /** `// path:line` behind declarations, assignments, conditions and instances; the path is relative to the project's root. */
  readonly locators?: boolean;
  /** Where the power-on contents of memories stand: in the module (the default), or in files that `$readmemh` reads from the tool's working directory. */
  readonly contents?: 'inline' | 'files';
  /**
   * What becomes of `assert`, `assume` and `cover`: nothing (the default); `formal` blocks under `ifdef FORMAL` for Yosys; `sv` SystemVerilog, with
   * assertions that simulators check (Verilator with `--assert`); `nets` their conditions, for whoever looks at them from outside.
   */
  readonly properties?: 'none' | 'nets' | PropertyStyle;
}

/**
 * One file for each module, leaves first, the top last. The top keeps its name; every other module takes the top's name as a prefix, so that two
 * generated designs fit into one project.
 */
export function emitVerilog(design: Design, options: VerilogOptions = {}): VerilogFile[] {
  return printDesign(design, options).files;
}

/** A printed design, and where its things stand in the Verilog. */
export interface PrintedDesign {
  readonly files: VerilogFile[];
  /** As printed: a mesh may be one of rows. */
  readonly top: Definition;
  /** By definition, without external ones. */
  readonly places: ReadonlyMap<Definition, ModulePlaces>;
  /** What a definition is called in the output. */
  readonly nameOf: (definition: Definition) => string;
}

/** As `emitVerilog`. */
export function printDesign(design: Design, options: VerilogOptions = {}): PrintedDesign {
  const { properties = 'none', ...rest } = options;
  const style = properties === 'none' || properties === 'nets' ? undefined : properties;
  const split = splitMeshes(properties === 'none' ? dropProperties(design) : design);
  const places = new Map<Definition, ModulePlaces>();
  const names = moduleNames(split);
  // By definition, the names of the loops in it and in all below it.
  const loops = new Map<Definition, ReadonlySet<string>>();
  const files = split.definitions
    .filter((d) => !d.external)
    .map((definition): VerilogFile => {
      const module = prepareModule(definition, (d) => names.get(d) as string, { ...rest, ...(style && { style }) });
      const children = new Set([...definition.instances, ...definition.meshes].map((child) => child.definition));
      const below = new Set([...children].flatMap((child) => [...(loops.get(child) ?? [])]));
      loops.set(definition, assignNames(module, below));
      places.set(definition, module.places);
      const contents = module.items.flatMap((item) =>
        item.k === 'contents' && item.file !== undefined ? [{ file: item.file, text: hexText(item.values, item.net.width) }] : [],
      );
      const checks = module.items.flatMap((item) => (item.k === 'checks' ? item.groups.flatMap(({ list }) => list) : []));
      const labels = new Map(checks.map(({ label, property }) => [label.name, property]));
      return {
        ...{ name: module.name, extension: style === 'sv' ? 'sv' : 'v', text: printModule(module) },
        ...(contents.length > 0 && { contents }),
        ...(labels.size > 0 && { labels }),
      };
    });
  return { files, top: split.top, places, nameOf: (d) => names.get(d) as string };
}

/** The files that the external modules of a design name, each once: to be given to a simulator besides those of `emitVerilog`. */
export function externalFiles(design: Design): string[] {
  return [...new Set(design.definitions.flatMap((d) => d.external?.files ?? []))];
}

/** All words, so that no tool has any left to guess. */
function hexText(values: readonly bigint[], width: number): string {
  const digits = Math.ceil(width / 4);
  return `${values.map((value) => value.toString(16).padStart(digits, '0')).join('\n')}\n`;
}
