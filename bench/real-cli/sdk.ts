import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type Options, type Query, query, startup } from "@anthropic-ai/claude-agent-sdk";
import { endsTurn } from "../peers/peer.js";
import { PromptStream } from "../peers/prompt-stream.js";
import type { Conversation, ConversationOptions } from "./conversation.js";
import type { Stage } from "./stage.js";

/**
 * The official SDK, as its users drive it for a conversation: `query()` with a stream of prompts, or `startup()`
 * where the process shall be there before the prompt.
 */
export async function openSdk(
  { binary, env, cwd }: Stage,
  { ready = false, partialMessages = false, onApproval }: ConversationOptions,
): Promise<Conversation> {
  const prompts = new PromptStream();
  const children: ChildProcess[] = [];
  const options: Options = {
    pathToClaudeCodeExecutable: binary,
    // What the SDK does itself; only this way its child's exit can be seen.
    spawnClaudeCodeProcess: ({ command, args, cwd: folder, env: variables, signal }) => {
      const child = spawn(command, args, {
        cwd: folder,
        env: variables,
        signal,
        stdio: ["pipe", "pipe", "ignore"],
      });
      children.push(child);
      return child;
    },
    env: { ...env },
    cwd,
    includePartialMessages: partialMessages,
    // Unless told otherwise it sends an empty system prompt; this is the CLI's own, which all others send.
    systemPrompt: { type: "preset", preset: "claude_code" },
    ...(onApproval && {
      canUseTool: async (_tool, input, { toolUseID }) => {
        onApproval(toolUseID);
        return { behavior: "allow", updatedInput: input };
      },
    }),
  };
  const warm = ready ? await startup({ options }) : undefined;
  let messages: Query | undefined;
  return {
    async *ask(prompt) {
      prompts.send(prompt);
      messages ??= warm?.query(prompts) ?? query({ prompt: prompts, options });
      // Not `for await`: leaving it would close the session after the first turn.
      for (;;) {
        const { done, value } = await messages.next();
        if (done === true) throw new Error("The SDK ended its messages in the middle of a turn.");
        yield value;
        if (endsTurn(value)) return;
      }
    },
    async interrupt() {
      await messages?.interrupt();
    },
    async close() {
      const exits = children
        .filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)
        .map((child) => once(child, "exit"));
      if (messages === undefined) warm?.close();
      else messages.close();
      prompts.end();
      await Promise.all(exits);
    },
  };
}
