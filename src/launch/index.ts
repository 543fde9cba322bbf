/** How a `claude` process is started: the builder, the spec it builds, the binary and its version. */
export { ClaudeCliBuilder } from "./cli-builder.js";
export { type BinarySource, type FindClaudeOptions, type FoundBinary, findClaude } from "./find-claude.js";
export type { Items, Open } from "./flag-value.js";
export { FIXED_ARGS, FLAGS, type Flag, type FlagKind, type FlagName } from "./flags.js";
export { type LaunchSpec, type SpawnableLaunch, toSpawnable } from "./launch-spec.js";
export { resolveLaunch } from "./resolve-launch.js";
export {
  type CheckVersionOptions,
  checkVersion,
  TESTED_CLI_VERSION,
  type VersionReport,
  warnOnVersionDrift,
} from "./version.js";
