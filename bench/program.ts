/** The command line of the suite. */

import { Command, InvalidArgumentError } from "commander";
import type { RunSettings } from "./report/report.js";
import { PEER_NAMES, type PeerName, type Scenario } from "./scenario.js";

/** What the command line asks for. */
export interface BenchRequest {
  readonly scenarios: readonly Scenario[];
  readonly settings: RunSettings;
  /** Only tell what there is. */
  readonly list: boolean;
  /** Files for the results; undefined: named by date, in `bench/results/`. */
  readonly json: string | undefined;
  readonly html: string | undefined;
}

interface Flags {
  readonly peers?: readonly PeerName[];
  readonly rounds?: number;
  readonly quick?: boolean;
  readonly json?: string;
  readonly html?: string;
  readonly list?: boolean;
}

/** How the command ends. */
export const BenchExit = { success: 0, failed: 1, usage: 2, interrupted: 130 } as const;

const HELP = `Every round of every variant runs in a fresh process, in alternating order. Results are also written to
bench/results/ as JSON and HTML.

Exit codes:
  0    everything that was asked for was measured, whether or not goals were met
  1    a variant has failed; the others were measured
  2    wrong usage
  130  stopped by Ctrl+C; what there was has been reported

Examples:
  $ npm run bench
  $ npm run bench -- main-thread fairness --peers offthread,sdk --rounds 7
  $ npm run bench -- throughput --quick --json throughput.json`;

/**
 * Reads the command line.
 * @throws CommanderError for wrong usage, which is already printed, and for `--help`
 */
export function readRequest(argv: readonly string[], scenarios: readonly Scenario[]): BenchRequest {
  const program = new Command("npm run bench --")
    .description("Measures claude-offthread beside what one would use instead, on this machine.")
    .helpOption("-h, --help", "print this help")
    .argument("[scenario...]", "which scenarios (default: all; --list names them)")
    .option("--peers <names>", `only these, by comma: ${PEER_NAMES.join(", ")}`, readPeers)
    .option("--rounds <n>", "rounds of each variant (default: each scenario's own)", readRounds)
    .option("--quick", "small inputs and one round: to see that everything works, not for figures")
    .option("--json <file>", "write the JSON here")
    .option("--html <file>", "write the HTML page here")
    .option("--list", "list the scenarios and end")
    .exitOverride()
    .showHelpAfterError("--help lists what can be given.")
    .addHelpText("after", `\n${HELP}`)
    .parse([...argv], { from: "user" });
  const flags = program.opts<Flags>();
  for (const name of program.args) {
    if (scenarios.some((scenario) => scenario.name === name)) continue;
    program.error(
      `error: there is no scenario "${name}"; there are: ${scenarios.map((each) => each.name).join(", ")}`,
    );
  }
  const { peers, rounds, quick = false, list = false, json, html } = flags;
  return {
    scenarios:
      program.args.length === 0 ? scenarios : scenarios.filter(({ name }) => program.args.includes(name)),
    settings: { quick, ...(rounds !== undefined && { rounds }), ...(peers !== undefined && { peers }) },
    list,
    json,
    html,
  };
}

function readPeers(text: string): readonly PeerName[] {
  return text.split(",").map((part) => {
    const peer = PEER_NAMES.find((name) => name === part.trim());
    if (peer !== undefined) return peer;
    throw new InvalidArgumentError(`There are: ${PEER_NAMES.join(", ")}.`);
  });
}

const MOST_ROUNDS = 1_000;

function readRounds(text: string): number {
  const rounds = Number(text);
  if (Number.isInteger(rounds) && rounds >= 1 && rounds <= MOST_ROUNDS) return rounds;
  throw new InvalidArgumentError(`Give a whole number from 1 to ${MOST_ROUNDS}.`);
}
