/** Who may know whom; see docs/architecture.md. A room listed in `to.path` is closed to the rooms in `from.path`. */
const rooms = (...names) => `^src/(${names.join('|')})/`;

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'pure-cores-know-nobody',
      severity: 'error',
      from: { path: '^src/(stats|scoring/text)/' },
      to: { path: '^src/', pathNot: '^src/(stats|scoring/text|errors\\.ts|json\\.ts)' },
    },
    {
      name: 'parts-do-not-know-the-whole',
      severity: 'error',
      from: { path: rooms('io', 'definition', 'task', 'rubric', 'scoring', 'runtime', 'run', 'stats') },
      to: { path: rooms('engine', 'plugin', 'report', 'api', 'cli') },
    },
    {
      name: 'runs-know-no-effects-of-others',
      severity: 'error',
      from: { path: rooms('run') },
      to: { path: rooms('task', 'rubric', 'scoring', 'runtime'), dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'engine-knows-interfaces',
      severity: 'error',
      from: { path: rooms('engine') },
      to: { path: rooms('plugin', 'report', 'api', 'cli') },
    },
    {
      name: 'report-reads-runs',
      severity: 'error',
      from: { path: rooms('report') },
      to: {
        path: rooms('task', 'rubric', 'scoring', 'runtime', 'plugin', 'api', 'cli'),
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'nobody-knows-the-command-line',
      severity: 'error',
      from: { pathNot: rooms('cli') },
      to: { path: rooms('cli') },
    },
    {
      name: 'runtimes-know-the-public-api-only',
      severity: 'error',
      from: { path: '^runtimes/' },
      to: { path: '^src/', pathNot: '^src/runtime/public\\.ts$' },
    },
    {
      name: 'heavy-packages-load-when-used',
      comment: 'LangChain costs 0.3 s and jieba 65 MB: import() only.',
      severity: 'error',
      from: { path: '^(src|runtimes)/' },
      to: { path: 'node_modules/(@langchain|langchain|@node-rs)', dependencyTypesNot: ['dynamic-import', 'type-only'] },
    },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'] },
  },
};
