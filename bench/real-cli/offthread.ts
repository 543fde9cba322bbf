import { AsyncClient, ClaudeCliBuilder, permission } from "claude-offthread";
import type { Conversation, ConversationOptions } from "./conversation.js";
import type { Stage } from "./stage.js";

/** claude-offthread, as its users drive it. */
export async function openOffthread(
  { binary, env, cwd }: Stage,
  { ready = false, partialMessages = false, onApproval }: ConversationOptions,
): Promise<Conversation> {
  const builder = new ClaudeCliBuilder()
    .command(binary)
    .cleanEnv(env)
    .workingDirectory(cwd)
    .includePartialMessages(partialMessages);
  const client = await AsyncClient.fromBuilder(
    builder,
    onApproval && {
      onToolApproval: (request) => {
        onApproval(request.tool_use_id ?? "");
        return permission.allow(request);
      },
    },
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
