/** The command line of `claude-offthread batch`. */

import { type Command, Option } from "commander";
import type { BatchFlags } from "./batch-flags.js";
import { EXIT_CODES_HELP, type ExitCode } from "./exit-codes.js";
import { launchOptions, modelOption } from "./launch-options.js";
import { dollars, filled, positive, seconds } from "./option-values.js";

/** Adds the command; `ended` is told its exit code. */
export function addBatch(program: Command, ended: (code: ExitCode) => void): void {
  const batch = program
    .command("batch")
    .summary("run a file of prompts, and keep every answer")
    .description(
      "Runs many prompts through a few warm claude processes, each prompt in a fresh session, and appends every " +
        "outcome to a file as it comes. The same command again goes on where it stopped.",
    )
    .argument("[input]", "file of prompts (.jsonl, .csv, .txt); - or nothing for stdin")
    .requiredOption("-o, --output <file>", "results, a line of JSON for each prompt; appended to", filled);
  for (const option of [...inputOptions(), ...runOptions(), ...claudeOptions(), ...progressOptions()]) {
    batch.addOption(option);
  }
  batch
    .addHelpText("after", `\n${BATCH_HELP}\n\n${EXIT_CODES_HELP}`)
    .action(async (input: string | undefined, flags: BatchFlags) => {
      const { runBatchCommand } = await import("./batch-command.js");
      ended(await runBatchCommand(input, flags));
    });
}

function inputOptions(): Option[] {
  return [
    new Option("--format <format>", "what the input is (default: by its ending; jsonl on stdin)").choices([
      "jsonl",
      "csv",
      "lines",
    ]),
    new Option(
      "--template <text>",
      'CSV: the prompt, as in "Summarise: {{body}}" (default: the column prompt)',
    ).argParser(filled),
    new Option(
      "--id-column <name>",
      "CSV: the column of the ids (default: id or custom_id, else line-<n>)",
    ).argParser(filled),
    new Option("--skip-bad", "set rows aside that cannot be run, instead of running none"),
    new Option("--retry-failed", "run what is recorded as failed again; the last line of an id counts"),
    new Option("--dry-run", "check the input and tell what would run; nothing is started or written"),
  ];
}

function runOptions(): Option[] {
  return [
    new Option("--concurrency <n>", "prompts at a time (default: twice the processors, at most 8)").argParser(
      positive,
    ),
    new Option(
      "--isolation <by>",
      "a fresh session or a fresh process per prompt (default: session)",
    ).choices(["session", "process"]),
    new Option("--attempts <n>", "most attempts per prompt (default: 4)").argParser(positive),
    new Option("--timeout <seconds>", "deadline of each attempt (default: 600)").argParser(seconds),
    new Option(
      "--stall <seconds>",
      "give an attempt up when claude is silent for so long (default: 300)",
    ).argParser(seconds),
    new Option("--max-budget-usd <amount>", "begin no prompt once this run has spent so much").argParser(
      dollars,
    ),
    new Option("--max-prompts <n>", "run so many prompts this time").argParser(positive),
    new Option("--with-result", "keep claude's whole result message in each line"),
  ];
}

function claudeOptions(): Option[] {
  return [
    modelOption(),
    new Option("--lean", "no tools, settings, memory or CLAUDE.md; needs an API key; about twice as fast"),
    new Option("--system-prompt <text>", "replaces the system prompt").argParser(filled),
    new Option("--json-schema <file>", "answer in this JSON Schema, as structuredOutput").argParser(filled),
    ...launchOptions(),
  ];
}

function progressOptions(): Option[] {
  return [
    new Option("-q, --quiet", "no progress and no summary").conflicts("jsonProgress"),
    new Option("--json-progress", "progress, summary and errors as lines of JSON on stderr"),
  ];
}

const BATCH_HELP = `Input: a line of JSONL is {"id", "prompt"} and, if it differs from the batch, "model", "systemPrompt", "cwd",
"allowedTools", "jsonSchema", "timeoutMs", "metadata"; "custom_id" is taken for "id". A file is checked as a whole
before anything is spent; stdin and pipes are checked row by row as they run, and a bad row ends the run.
Output: outcomes are told apart by "id"; of several the last one counts. Ctrl+C finishes what is running, a second
one stops now, as SIGTERM does. What was stopped is not recorded and runs the next time.
A tool that no rule allows is denied.

Examples:
  $ claude-offthread batch prompts.jsonl -o results.jsonl
  $ claude-offthread batch reviews.csv --template "Is this kind? {{body}}" --id-column review_id -o kind.jsonl
  $ claude-offthread batch prompts.jsonl -o results.jsonl --dry-run
  $ claude-offthread batch prompts.jsonl -o results.jsonl --retry-failed --timeout 1200
  $ generate-prompts | claude-offthread batch --format lines --max-budget-usd 5 -o results.jsonl
  $ jq -r 'select(.status == "succeeded") | [.id, .text] | @tsv' results.jsonl`;
