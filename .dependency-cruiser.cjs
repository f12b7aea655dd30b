// The layers of the project: who may import whom. `npm run layers` checks them and that it looked at the sources at all.
const only = (name, from, allowed, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: `^${from}/` },
  to: { path: '^(isa|hdl|generators|sim|compiler|flows|estimate|cli|test|bench|examples|scripts)/', pathNot: [`^${from}/`, ...allowed] },
});

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      comment: 'Modules in a cycle load in an order nobody chose; types alone load nothing.',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      comment: 'A file that nothing imports is dead.',
      from: { orphan: true, path: '^(isa|hdl|generators|sim|compiler|flows|estimate)/' },
      to: {},
    },
    only('instructions-are-data', 'isa', [], 'What hardware, golden model and compiler share about an accelerator is plain data.'),
    only('hdl-is-the-base', 'hdl', [], 'The language imports nothing above it.'),
    only('generators-use-the-language', 'generators', ['^hdl/', '^isa/'], 'Generators use the language only, and the instruction set.'),
    only('golden-models-import-no-hardware', 'sim/golden', ['^isa/'], 'A golden model that shares code with what it checks proves nothing.'),
    {
      name: 'simulator-shares-only-the-ir',
      severity: 'error',
      comment: 'The simulator and the Verilog printer share the IR and nothing else.',
      from: { path: '^sim/', pathNot: '^sim/(golden|cosim|backends)/' },
      to: { path: '^hdl/(verilog|passes|checks)/' },
    },
    {
      name: 'simulator-knows-no-design',
      severity: 'error',
      comment: 'The simulator is general.',
      from: { path: '^sim/', pathNot: '^sim/(cosim/|backends/builder.ts)' },
      to: { path: '^(generators|flows|estimate|cli|compiler)/' },
    },
    {
      name: 'verilog-knows-no-simulator',
      severity: 'error',
      comment: 'The other half of that independence.',
      from: { path: '^hdl/' },
      to: { path: '^sim/' },
    },
    only('compiler-is-plain', 'compiler', ['^sim/golden/', '^isa/'], 'Lowering of layers is arithmetic on data.'),
    only(
      'estimates-stand-on-designs',
      'estimate',
      ['^hdl/', '^generators/', '^flows/', '^sim/cosim/'],
      'Estimates measure designs; nothing below knows of them.',
    ),
    { name: 'flows-below-cli', severity: 'error', comment: 'Flows do not know the command line.', from: { path: '^flows/' }, to: { path: '^cli/' } },
    {
      name: 'nothing-imports-tests',
      severity: 'error',
      comment: 'Tests, benchmarks and examples are leaves.',
      from: { path: '^(isa|hdl|generators|sim|compiler|flows|estimate|cli)/' },
      to: { path: '^(test|bench|examples|scripts)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.json'] },
  },
};
