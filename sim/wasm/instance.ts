// The few parts of the WebAssembly interface that the engine needs; the types of Node do not have them.

export interface Memory {
  readonly buffer: ArrayBuffer;
  /** By pages of 64 KiB; views of the old buffer are dead afterwards. */
  grow(pages: number): number;
}

interface Api {
  readonly Memory: new (size: { readonly initial: number }) => Memory;
  readonly Module: new (binary: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
}

const api = (globalThis as unknown as { readonly WebAssembly: Api }).WebAssembly;

export function makeMemory(pages: number): Memory {
  return new api.Memory({ initial: pages });
}

/** Machine code for any number of instances, which share what the machine learns of it. */
export function makeModule(binary: Uint8Array): object {
  return new api.Module(binary);
}

/** Links a module; `unsettled` is called with the number of a circular group that does not come to rest. */
export function instantiate(module: object, memory: Memory, unsettled: (group: number) => never): unknown {
  return new api.Instance(module, { m: { memory, unsettled } }).exports;
}
