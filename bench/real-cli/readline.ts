import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { endsTurn } from "../peers/peer.js";
import type { Conversation, ConversationOptions } from "./conversation.js";
import type { Stage } from "./stage.js";

const STREAM_JSON = ["--print", "--verbose", "--output-format=stream-json", "--input-format=stream-json"];

/** What one writes by hand: the CLI spawned with the flags of a conversation, its lines parsed on this thread. */
export async function openReadline(
  { binary, env, cwd }: Stage,
  { ready = false, partialMessages = false, onApproval }: ConversationOptions,
): Promise<Conversation> {
  const flags = [
    ...STREAM_JSON,
    ...(partialMessages ? ["--include-partial-messages"] : []),
    ...(onApproval === undefined ? [] : ["--permission-prompt-tool=stdio"]),
  ];
  const child = spawn(binary, flags, { env: { ...env }, cwd, stdio: ["pipe", "pipe", "ignore"] });
  const exited = once(child, "exit");
  const lines = createInterface({ input: child.stdout, crlfDelay: Number.POSITIVE_INFINITY });
  const messages = lines[Symbol.asyncIterator]();
  const write = (message: object) => child.stdin.write(`${JSON.stringify(message)}\n`);
  const request = (id: string, subtype: string) =>
    write({ type: "control_request", request_id: id, request: { subtype } });
  const next = async (): Promise<WireMessage> => {
    const { done, value } = await messages.next();
    if (done === true) throw new Error("The CLI's stdout ended in the middle of a turn.");
    return JSON.parse(value);
  };
  if (ready) {
    request("1", "initialize");
    while ((await next()).type !== "control_response");
  }
  return {
    async *ask(prompt) {
      write({
        type: "user",
        message: { role: "user", content: prompt },
        parent_tool_use_id: null,
        session_id: "",
      });
      for (;;) {
        const message = await next();
        if (message.type === "control_request") {
          const { tool_use_id = "", input } = message.request ?? {};
          onApproval?.(tool_use_id);
          const response = { behavior: "allow", updatedInput: input };
          const answer = { subtype: "success", request_id: message.request_id, response };
          write({ type: "control_response", response: answer });
        }
        yield message;
        if (endsTurn(message)) return;
      }
    },
    async interrupt() {
      request("2", "interrupt");
    },
    async close() {
      child.stdin.end();
      await exited;
    },
  };
}

interface WireMessage {
  readonly type?: string;
  readonly request_id?: string;
  readonly request?: { readonly tool_use_id?: string; readonly input?: unknown };
}
