/** Tries the whole way through a worker thread, with a stand-in for claude. */

import { AsyncClient, isResult, permission, SessionPool, textOf } from "../index.js";
import { bigFrame, onPrompt, requestPermission, scriptedCli, turn } from "../testing/index.js";
import { type Check, fail, ok } from "./check.js";

const STEP_TIMEOUT_MS = 10_000;
const FRAME_BYTES = 1_000_000;

const SCRIPT = [
  onPrompt("hello", "hello from the stand-in"),
  onPrompt("large", turn(bigFrame({ bytes: FRAME_BYTES }))),
  onPrompt("tool", turn(requestPermission("Bash", { command: "true" }), "done")),
];

/** Runs the steps one after the other; after one that fails the later ones have nothing to stand on. */
export async function* selfTest(): AsyncGenerator<Check> {
  const pool = new SessionPool({ threads: 1 });
  let asked = 0;
  let client: AsyncClient | undefined;
  const steps: [name: string, run: () => Promise<string>][] = [
    [
      "worker",
      async () => {
        client = await AsyncClient.spawn(scriptedCli(SCRIPT), {
          pool,
          spawnTimeoutMs: STEP_TIMEOUT_MS,
          onToolApproval: (request) => {
            asked += 1;
            return permission.allow(request);
          },
        });
        expect(
          resultOf(await ask(client, "hello")) === "hello from the stand-in",
          "a different answer came back",
        );
        return "a query went through a worker thread";
      },
    ],
    [
      "1 MB frame",
      async () => {
        const texts = (await ask(client, "large")).map((message) => textOf(message) ?? "");
        const longest = Math.max(...texts.map((text) => text.length));
        // The frame counts in bytes, with its envelope; the text is not all ASCII.
        expect(longest > FRAME_BYTES / 2, `only ${longest} characters arrived`);
        return "arrived whole";
      },
    ],
    [
      "approval",
      async () => {
        expect(
          resultOf(await ask(client, "tool")) === "done" && asked === 1,
          `the handler was asked ${asked} times`,
        );
        return "a tool was asked about and allowed";
      },
    ],
    [
      "shutdown",
      async () => {
        const exit = await client?.shutdown();
        expect(exit?.exitCode === 0, `it ended with code ${exit?.exitCode}, signal ${exit?.signal}`);
        expect(pool.stats().openSessions === 0, "the session was not released");
        return "the child ended by itself, exit code 0";
      },
    ],
  ];
  try {
    for (const [name, run] of steps) {
      const check = await attempt(name, run);
      yield check;
      if (check.status === "fail") return;
    }
  } finally {
    await pool.close();
  }
}

async function attempt(name: string, run: () => Promise<string>): Promise<Check> {
  const began = performance.now();
  try {
    const detail = await run();
    return ok(name, `${detail}, ${Math.round(performance.now() - began)} ms`);
  } catch (error) {
    return fail(name, error instanceof Error ? error.message : String(error));
  }
}

function ask(client: AsyncClient | undefined, prompt: string): ReturnType<AsyncClient["query"]> {
  if (client === undefined) throw new Error("there is no session");
  return client.query(prompt, { timeoutMs: STEP_TIMEOUT_MS });
}

function resultOf(messages: readonly unknown[]): string | undefined {
  const last = messages.at(-1);
  return isResult(last) && typeof last.result === "string" ? last.result : undefined;
}

function expect(condition: boolean, otherwise: string): asserts condition {
  if (!condition) throw new Error(otherwise);
}
