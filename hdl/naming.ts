// From names in TypeScript to names in Verilog.

/** `rowCount` → `row_count`, `WsPe` → `ws_pe`, `AXIPort` → `axi_port`; digits stay where they are. */
export function snakeCase(name: string): string {
  return name
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z\d_]/g, '_')
    .toLowerCase();
}
