/** Bounds that keep a hostile request from costing more than a moment: whatever is over one of them is denied. */

/** Characters of a shell command. */
export const MAX_COMMAND_CHARS = 16_384;

/** Simple commands, redirections and nested scripts of one command. */
export const MAX_COMMAND_PARTS = 256;

/** Scripts within scripts: `bash -c`, `eval`, substitutions, groups. */
export const MAX_SCRIPT_DEPTH = 24;

/** Characters of a path. */
export const MAX_PATH_CHARS = 4_096;

/** Names in a path. */
export const MAX_PATH_SEGMENTS = 256;

/** Symbolic links on one path, as in Linux. */
export const MAX_LINKS = 40;

/** Names in a directory that is to be searched, with all below it. */
export const MAX_TREE_ENTRIES = 20_000;

/** Rules of a policy. */
export const MAX_RULES = 1_000;

/** Characters of a rule. */
export const MAX_RULE_CHARS = 1_000;

/** Milliseconds for one decision: a file system that does not answer must not hold up the session. */
export const DECISION_MS = 5_000;

/** Milliseconds after which a decision lets the thread do something else. */
export const TURN_MS = 5;
