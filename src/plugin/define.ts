import type { RubricDefinition } from '../rubric/types.js';
import type { Runtime } from '../runtime/types.js';
import type { Scorer } from '../scoring/types.js';
import type { TaskDefinition } from '../task/types.js';

/** Plugins made in code: the default export of a plugin module, and `define` in a config. */
export interface PluginDefinitions {
  tasks?: readonly TaskDefinition[];
  rubrics?: readonly RubricDefinition[];
  scorers?: readonly Scorer[];
  runtimes?: readonly Runtime[];
}

/** Declares a module's plugins; gives them their type and nothing else. */
export function definePlugin(plugin: PluginDefinitions): PluginDefinitions {
  return plugin;
}
