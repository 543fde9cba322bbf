import { spawn } from "node:child_process";
import { query, type SDKUserMessage } from "@anthropic-ai/claude-agent-sdk";
import { endsTurn, type Peer } from "./peer.js";

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
        prompts.send();
        // Not `for await`: leaving it would close the session after the first turn.
        for (;;) {
          const { done, value } = await messages.next();
          if (done === true) throw new Error("The SDK ended its messages in the middle of a turn.");
          sink.message(value);
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

const PROMPT: SDKUserMessage = {
  type: "user",
  message: { role: "user", content: "go" },
  parent_tool_use_id: null,
  session_id: "",
};

/** A prompt for each turn; between them it keeps the SDK's stdin open. */
class PromptStream implements AsyncIterable<SDKUserMessage> {
  #sent = 0;
  #ended = false;
  #wake: () => void = () => {};

  send(): void {
    this.#sent += 1;
    this.#wake();
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<SDKUserMessage> {
    for (let given = 0; ; ) {
      if (given < this.#sent) {
        given += 1;
        yield PROMPT;
      } else if (this.#ended) return;
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
    }
  }
}
