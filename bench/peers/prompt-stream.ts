import type { SDKUserMessage } from "@anthropic-ai/claude-agent-sdk";

/** Prompts for the SDK, sent one by one; between them it keeps the SDK's stdin open, as a conversation does. */
export class PromptStream implements AsyncIterable<SDKUserMessage> {
  readonly #waiting: string[] = [];
  #ended = false;
  #wake: () => void = () => {};

  send(prompt: string): void {
    this.#waiting.push(prompt);
    this.#wake();
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<SDKUserMessage> {
    for (;;) {
      const content = this.#waiting.shift();
      if (content !== undefined) {
        yield {
          type: "user",
          message: { role: "user", content },
          parent_tool_use_id: null,
          session_id: "",
        };
      } else if (this.#ended) return;
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
    }
  }
}
