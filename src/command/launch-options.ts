/** Options about the launch of the CLI, the same in every command that has them. */

import { Option } from "commander";
import { claudeFlag, executable, filled, toolRules } from "./option-values.js";

/** `--claude`. */
export function claudeOption(): Option {
  return new Option(
    "--claude <path>",
    "the claude executable (default: the one on PATH, else an installed package's)",
  ).argParser(executable);
}

/** `--model`. */
export function modelOption(): Option {
  return new Option("-m, --model <model>", "alias or full name of the model").argParser(filled);
}

/** What `withLaunchFlags` reads, but for the model. */
export function launchOptions(): Option[] {
  return [
    new Option("--permission-mode <mode>", "for example default, plan, acceptEdits").argParser(filled),
    new Option("--allowed-tools <tools>", "tools that need no approval, by comma; may be repeated").argParser(
      toolRules,
    ),
    new Option("--append-system-prompt <text>", "adds to the system prompt").argParser(filled),
    new Option("--cwd <folder>", "where claude works (default: here)").argParser(filled),
    claudeOption(),
    new Option("--claude-arg <flag=value>", "any other flag for claude; may be repeated").argParser(
      claudeFlag,
    ),
  ];
}
