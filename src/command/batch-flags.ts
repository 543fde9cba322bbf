import type { RowFormat } from "../batch/rows/read-rows.js";
import type { LaunchFlags } from "./launch-flags.js";

/** Options of `claude-offthread batch`, as they come from its command line. Times are milliseconds. */
export interface BatchFlags extends LaunchFlags {
  readonly output: string;
  readonly format?: RowFormat;
  readonly template?: string;
  readonly idColumn?: string;
  readonly skipBad?: boolean;
  readonly retryFailed?: boolean;
  readonly dryRun?: boolean;
  readonly withResult?: boolean;
  readonly concurrency?: number;
  readonly isolation?: "session" | "process";
  readonly attempts?: number;
  readonly timeout?: number;
  readonly stall?: number;
  readonly maxBudgetUsd?: number;
  readonly maxPrompts?: number;
  readonly lean?: boolean;
  readonly systemPrompt?: string;
  readonly jsonSchema?: string;
  readonly quiet?: boolean;
  readonly jsonProgress?: boolean;
}
