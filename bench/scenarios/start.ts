import type { Talker } from "../real-cli/conversation.js";
import type { Case, Goal, Metric, Scenario, Variant } from "../scenario.js";
import type { StartInput } from "../workloads/start.js";
import type { Moment } from "../workloads/start-host.js";

const DRAIN: Variant = {
  name: "drain",
  peer: "drain",
  work: { unable: "it understands no message, so it cannot tell when the answer is there" },
};

const COLD_GOAL: Goal = {
  metric: "ms",
  variant: "offthread",
  against: "sdk",
  relation: "at most",
  factor: 1,
};

/** How long one waits for the real CLI: for its first word, for its silence, and for its end. */
export const start: Scenario = {
  name: "start",
  title: "Start, interrupt and end of the real CLI",
  question:
    "The real CLI, offline, against a scripted model in another process, which answers at once. The first answer is " +
    "the first assistant message that the consumer is handed; cold, the clock starts with the host process itself, " +
    "so Node and the library are loaded on it. Every CLI starts in a home folder of its own, and sends the same " +
    "system prompt.",
  rounds: 3,
  cases: ({ quick }) => [
    momentCase(
      "cold",
      "First answer, cold: from the start of the host process",
      ["offthread", "sdk", "readline", "print"],
      [COLD_GOAL],
    ),
    ...(quick
      ? []
      : [
          momentCase("second", "First answer of a second session: code and threads are warm"),
          momentCase("ready", "First answer of a CLI that was started before the prompt"),
        ]),
    momentCase("interrupt", "Interrupt of an answer that streams: from the call to the turn's result"),
    ...(quick ? [] : [momentCase("shutdown", "Shutdown between turns: from the call to the CLI's exit")]),
  ],
};

function momentCase(
  moment: Moment,
  name: string,
  talkers: readonly Exclude<Talker, "offthread policy">[] = ["offthread", "sdk", "readline"],
  goals: readonly Goal[] = [],
): Case {
  const metrics: readonly Metric[] = [{ key: "ms", title: "time", unit: "ms", better: "lower" }];
  const variants = talkers.map((talker): Variant => {
    const input: StartInput = { talker, moment };
    const work = { workload: "start", input };
    return talker === "print"
      ? { name: "claude --print", peer: "readline", work }
      : { name: talker === "sdk" && moment === "ready" ? "sdk startup()" : talker, peer: talker, work };
  });
  return { name, metrics, variants: [...variants, DRAIN], goals };
}
