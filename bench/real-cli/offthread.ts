import { AsyncClient, ClaudeCliBuilder, type ClientOptions, permission } from "claude-offthread";
import type { Conversation, ConversationOptions } from "./conversation.js";
import type { Stage } from "./stage.js";

/** claude-offthread, as its users drive it. */
export async function openOffthread(
  { binary, env, cwd }: Stage,
  { ready = false, partialMessages = false, onApproval }: ConversationOptions,
  { byPolicy = false } = {},
): Promise<Conversation> {
  const builder = new ClaudeCliBuilder()
    .command(binary)
    .cleanEnv(env)
    .workingDirectory(cwd)
    .includePartialMessages(partialMessages);
  const client = await AsyncClient.fromBuilder(
    builder,
    onApproval && (byPolicy ? approvedByPolicy(onApproval) : approvedByHandler(onApproval)),
  );
  if (ready) await client.enableToolApproval();
  return {
    async *ask(prompt) {
      yield* await client.queryStream(prompt);
    },
    async interrupt() {
      await client.interrupt();
    },
    async close() {
      await client.shutdown();
    },
  };
}

function approvedByHandler(onApproval: (toolUseId: string) => void): ClientOptions {
  return {
    onToolApproval: (request) => {
      onApproval(request.tool_use_id ?? "");
      return permission.allow(request);
    },
  };
}

/** Decided in the worker thread; this one is told afterwards. */
function approvedByPolicy(onApproval: (toolUseId: string) => void): ClientOptions {
  return {
    policy: { rules: [{ allow: "Bash(touch *)" }] },
    onDecision: ({ toolUseId }) => onApproval(toolUseId ?? ""),
  };
}
