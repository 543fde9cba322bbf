/** The command line: what can be asked of the command, and its help. Actions load what they need. */

import { Command, Option } from "commander";
import { addBatch } from "./batch-program.js";
import { EXIT_CODES_HELP, type ExitCode } from "./exit-codes.js";
import { DEBUG_VARIABLE } from "./failure-report.js";
import { claudeOption, launchOptions, modelOption } from "./launch-options.js";
import { filled, seconds } from "./option-values.js";
import { readManifest } from "./package-manifest.js";
import type { QueryFlags } from "./query-launch.js";

/**
 * The program, ready to parse.
 * @param ended is told the exit code of the action that has run.
 */
export function buildProgram(ended: (code: ExitCode) => void): Command {
  const { version } = readManifest();
  const program = new Command("claude-offthread");
  program
    .description("Drives the Claude Code CLI from a worker thread.")
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .exitOverride()
    .configureOutput({
      outputError: (text, write) => write(text.replace(/^error: /, "error [USAGE]: ")),
    })
    .showHelpAfterError("  hint: --help lists what can be given.")
    .addHelpText("after", `\n${GENERAL_HELP}`);
  addQuery(program, ended);
  addBatch(program, ended);
  addDoctor(program, ended);
  addTour(program, ended);
  return program;
}

function addQuery(program: Command, ended: (code: ExitCode) => void): void {
  const query = program
    .command("query")
    .summary("ask claude, and stream its answer to stdout")
    .description(
      "Asks claude, and streams its answer to stdout as text. Tool calls and a summary go to stderr.\n" +
        "The prompt is read from stdin if it is -, or if it is missing and stdin is no terminal.",
    )
    .argument("[prompt]", "what to ask; - for stdin")
    .addOption(modelOption())
    .addOption(
      new Option("-r, --resume <id>", "resume the session with this id or title")
        .argParser(filled)
        .conflicts("continue"),
    )
    .option("-c, --continue", "continue the latest session of the working directory")
    .addOption(new Option("--timeout <seconds>", "give up after this time").argParser(seconds));
  for (const option of launchOptions()) query.addOption(option);
  query
    .option("--json", "print every message as a line of JSON")
    .option("--include-partial-messages", "with --json: also the pieces of messages that are being written")
    .option("-q, --quiet", "no tool calls and no summary on stderr")
    .addHelpText("after", `\n${QUERY_HELP}\n\n${EXIT_CODES_HELP}`)
    .action(async (prompt: string | undefined, flags: QueryFlags) => {
      const { runQuery } = await import("./query-command.js");
      ended(await runQuery(prompt, flags));
    });
}

function addDoctor(program: Command, ended: (code: ExitCode) => void): void {
  program
    .command("doctor")
    .summary("tell what was found, and whether it works")
    .description(
      "Tells what was found (claude, its version and login, Node, threads), and tests the way through a worker " +
        "thread with a stand-in for claude. Asks no model and changes nothing.",
    )
    .addOption(claudeOption())
    .option("--json", "print the report as JSON")
    .addHelpText("after", `\n${EXIT_CODES_HELP}`)
    .action(async (flags: { claude?: string; json?: boolean }) => {
      const { runDoctor } = await import("./doctor-command.js");
      ended(await runDoctor(flags));
    });
}

function addTour(program: Command, ended: (code: ExitCode) => void): void {
  program
    .command("tour")
    .summary("see the real claude at work, without an account")
    .description(
      "Shows the real claude at work through a worker thread: a streamed answer, a tool call with approval, a large " +
        "frame received while the main thread is blocked. The model is a script on 127.0.0.1: no account is needed, " +
        "nothing leaves the machine, and your settings and sessions are not touched.",
    )
    .addOption(claudeOption())
    .addHelpText("after", `\n${EXIT_CODES_HELP}`)
    .action(async (flags: { claude?: string }) => {
      const { runTour } = await import("./tour-command.js");
      ended(await runTour(flags));
    });
}

const GENERAL_HELP = `Examples:
  $ claude-offthread tour
  $ claude-offthread doctor
  $ claude-offthread query "Which files are here?"
  $ claude-offthread batch prompts.csv --template "Summarise: {{body}}" -o results.jsonl
  $ claude-offthread query --help

${EXIT_CODES_HELP}

Environment:
  ${DEBUG_VARIABLE}=1  show the stack of errors`;

const QUERY_HELP = `A tool that no rule allows is asked about at the terminal; without a terminal it is denied.
Ctrl+C stops the turn, a second Ctrl+C ends everything at once.

Examples:
  $ claude-offthread query "Explain this repository in three sentences"
  $ git diff | claude-offthread query --append-system-prompt "You review diffs." --quiet
  $ claude-offthread query --allowed-tools "Read,Bash(git log *)" --timeout 120 "What changed last week?"
  $ claude-offthread query --resume 0b9c1f7e-6f52-4a0e-9d3b-2f6a5f0c8f11 "And before that?"
  $ claude-offthread query --json "hi" | jq -r 'select(.type == "result").result'
  $ claude-offthread query --claude-arg max-turns=3 "Fix the typo in the README"`;
