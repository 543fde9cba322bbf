/** Many prompts by the command on the real CLI, with whatever can end it or its processes at any moment. */

import { setTimeout as pause } from "node:timers/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  apiError,
  dropConnection,
  type ModelReply,
  type ModelRequest,
  promptOf,
  text,
} from "../../src/testing/index.js";
import { sized } from "../support/full-size.js";
import { type ChildRun, realCli } from "../testing/child-run.js";
import { assertComplete, files, type Recorded, recorded, rows } from "./batch-stage.js";
import { type Ended, ended, onStage, processesOf, start } from "./command-run.js";

const COUNT = sized(60, 1_000);
const ARGS = ["prompts.jsonl", "-o", "results.jsonl", "--lean", "--concurrency", "4", "--json-progress"];

/** No prompt contains another. */
const question = (index: number): string => `What is prompt [${index}]?`;
const answer = (index: number): string => `This answers [${index}]`;

/** The prompts that a request shows, this and earlier ones; a request must show one. */
function shown({ body }: ModelRequest): string[] {
  return [...new Set(JSON.stringify(body.messages).match(/(?<=What is prompt \[)\d+(?=\]\?)/g))];
}

/** A run that has been started, and what is around it. */
interface Scene {
  readonly run: ChildRun;
  readonly results: () => Recorded[];
  readonly folder: string;
}

interface Trial {
  readonly count: number;
  /** How often the command is started; each time but the last it must be brought to its end. */
  readonly starts?: number;
  readonly model?: (request: ModelRequest) => ModelReply | undefined;
  readonly env?: Readonly<Record<string, string>>;
  /** What happens to a run. */
  readonly disturb?: (scene: Scene) => Promise<void>;
}

/** Runs the prompts to the end, and holds every answer to its prompt; gives the last run. */
async function answerAll({ count, starts = 1, model, env = {}, disturb }: Trial): Promise<Ended> {
  const reply = (request: ModelRequest) => {
    const known = /\[(\d+)\]\?/.exec(promptOf(request))?.[1];
    return model?.(request) ?? answer(Number(known));
  };
  let last: Ended | undefined;
  await onStage(reply, async ({ offline, model: asked }) => {
    const { write, results } = files(offline.cwd);
    write("prompts.jsonl", rows(count, question));
    for (let left = starts; left > 0; left -= 1) {
      const before = results();
      const seen = asked.mainRequests.length;
      const args = ["batch", ...ARGS, "--claude", realCli()];
      const run = start(args, { env: { ...offline.env, ...env }, cwd: offline.cwd });
      if (left > 1 || starts === 1) await disturb?.({ run, results, folder: offline.home });
      last = await ended(run);
      assert.equal(results().slice(0, before.length), before, "what was recorded stays");
      const ids = new Set(before.map(({ id }) => id));
      const again = asked.mainRequests.slice(seen).flatMap(shown);
      assert.equal(
        again.filter((index) => ids.has(`p${index}`)),
        [],
        "what was recorded is asked again",
      );
    }
    assert.is(last?.exitCode, 0, last?.stderr.slice(-2_000));
    assertComplete(results(), count, answer);
    for (const request of asked.mainRequests) assert.is(shown(request).length, 1);
  });
  assert.ok(last);
  return last;
}

/** Waits for some more results, and then for a moment. */
async function someMore({ run, results }: Scene): Promise<void> {
  const most = (2 * COUNT) / (STARTS - 1) / 3;
  const more = results().length + 1 + Math.floor(Math.random() * most);
  await recorded({ results }, run, Math.min(more, COUNT - 5));
  await pause(100 * Math.random());
}

const STARTS = sized(4, 9);
const many = suite("claude-offthread batch: many prompts on the real CLI");

const STOPS: [title: string, signals: NodeJS.Signals[], exitCode: number | null][] = [
  ["kill -9", ["SIGKILL"], null],
  ["Ctrl+C", ["SIGINT"], 130],
  ["Ctrl+C twice", ["SIGINT", "SIGINT"], 130],
];
for (const [title, signals, exitCode] of STOPS) {
  many(`${title} at any moment, and the same command again`, async () => {
    await answerAll({
      count: COUNT,
      starts: STARTS,
      disturb: async (scene) => {
        await someMore(scene);
        for (const signal of signals) {
          scene.run.kill(signal);
          await pause(5 * Math.random());
        }
        assert.is((await scene.run.ended).exitCode, exitCode);
      },
    });
  });
}

many("kill -9 of its claude processes at any moment", async () => {
  let killed = 0;
  await answerAll({
    count: COUNT,
    disturb: async ({ run, results, folder }) => {
      let over = false;
      void run.ended.then(() => {
        over = true;
      });
      for (let next = 10; !over; await pause(10)) {
        if (results().length < next) continue;
        next += sized(10, 20);
        await pause(30 * Math.random());
        const processes = processesOf(folder).filter(({ command }) => command.includes("stream-json"));
        const victim = processes[Math.floor(Math.random() * processes.length)];
        if (victim === undefined) continue;
        try {
          process.kill(victim.pid, "SIGKILL");
          killed += 1;
        } catch {
          // It has ended by itself.
        }
      }
    },
  });
  assert.ok(killed >= 3, `only ${killed} were killed`);
});

/** A share of the requests, by chance, goes wrong in one of these ways; some others are slow. */
const FAILURES: readonly ModelReply[] = [
  apiError(429),
  apiError(529),
  apiError(500),
  dropConnection(),
  dropConnection({ afterEvents: 3 }),
];

for (const retries of ["0", "3"]) {
  many(`a model that fails now and then, and a CLI that tries again ${retries} times`, async () => {
    let failed = 0;
    const { stderr } = await answerAll({
      count: sized(24, 300),
      env: { CLAUDE_CODE_MAX_RETRIES: retries },
      model: (request) => {
        const chance = Math.random();
        if (chance < 0.15) return FAILURES[failed++ % FAILURES.length];
        const [index = "none"] = shown(request);
        return chance < 0.25 ? text(answer(Number(index)), { chunkSize: 4, delayMs: 20 }) : undefined;
      },
    });
    assert.ok(failed > 0);
    const summary = JSON.parse(stderr.trim().split("\n").at(-1) ?? "");
    assert.equal([summary.succeeded, summary.failed], [sized(24, 300), 0]);
  });
}

many.run();
