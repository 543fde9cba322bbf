import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Conversation } from "./conversation.js";
import type { Stage } from "./stage.js";

/** The floor: the prompt on the command line, and nothing to negotiate. One process per prompt. */
export function openPrint({ binary, env, cwd }: Stage): Conversation {
  let child: ChildProcess | undefined;
  return {
    async *ask(prompt) {
      const args = ["--print", "--verbose", "--output-format=stream-json", prompt];
      const started = spawn(binary, args, { env: { ...env }, cwd, stdio: ["ignore", "pipe", "ignore"] });
      child = started;
      for await (const line of createInterface({ input: started.stdout })) yield JSON.parse(line);
    },
    interrupt: () => Promise.reject(new Error("A CLI that has no stdin takes no interrupt.")),
    async close() {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
      await once(child, "exit");
    },
  };
}
