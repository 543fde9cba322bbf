import { spawn } from "node:child_process";
import { query } from "@anthropic-ai/claude-agent-sdk";
import { endsTurn, type Peer } from "./peer.js";
import { PromptStream } from "./prompt-stream.js";

/** The official SDK, as its users drive it for a conversation: one `query()` with a stream of prompts. */
export const sdk: Peer = {
  async open({ command, args, env }) {
    const prompts = new PromptStream();
    const messages = query({
      prompt: prompts,
      options: {
        pathToClaudeCodeExecutable: command,
        spawnClaudeCodeProcess: () =>
          spawn(command, args, { env: { ...env }, stdio: ["pipe", "pipe", "ignore"] }),
        env: { ...env },
        includePartialMessages: true,
      },
    });
    await messages.initializationResult();
    return {
      async turn(sink) {
        prompts.send("go");
        // Not `for await`: leaving it would close the session after the first turn.
        for (;;) {
          const { done, value } = await messages.next();
          if (done === true) throw new Error("The SDK ended its messages in the middle of a turn.");
          sink.message(value);
          if (endsTurn(value)) return;
        }
      },
      async pacedTurn(consume) {
        prompts.send("go");
        for (;;) {
          const { done, value } = await messages.next();
          if (done === true) throw new Error("The SDK ended its messages in the middle of a turn.");
          await consume(value);
          if (endsTurn(value)) return;
        }
      },
      async close() {
        prompts.end();
        await messages.return();
      },
    };
  },
};
