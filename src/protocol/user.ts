/** What goes to the model: the frame `user`, on stdin as a prompt, on stdout as tool results and replays. */
import * as v from "valibot";
import { messageContentSchema } from "./content-blocks.js";
import { anyObjectSchema, frame, open, subagentFields } from "./wire-schema.js";

/** Who caused a message or a turn. Which of the fields are set depends on `kind`. */
export const originSchema = v.looseObject({
  kind: open<
    | "human"
    | "channel"
    | "peer"
    | "task-notification"
    | "coordinator"
    | "unclassified"
    | "observer"
    | "auto-continuation"
    | "observer-activity"
  >(),
  subkind: v.nullish(v.string()),
  server: v.nullish(v.string()),
  from: v.nullish(v.string()),
  name: v.nullish(v.string()),
  fromMode: v.nullish(open<"bypass" | "prompting">()),
  fromSession: v.nullish(v.string()),
  senderTaskId: v.nullish(v.string()),
  body: v.nullish(v.string()),
  verifiedPeerPid: v.nullish(v.number()),
  fireReason: v.nullish(v.string()),
  runId: v.nullish(v.string()),
});

/** Type of {@link originSchema}. */
export interface Origin extends v.InferOutput<typeof originSchema> {}

/** When a queued message takes its turn: at once, before the others, or after them. */
export const messagePrioritySchema = open<"now" | "next" | "later">();

/** Type of {@link messagePrioritySchema}. */
export type MessagePriority = v.InferOutput<typeof messagePrioritySchema>;

/** The frame `user`. On stdout it carries tool results, and what the CLI or a replay put in as the user. */
export const userMessageSchema = frame("user", {
  message: v.looseObject({ role: v.literal("user"), content: messageContentSchema }),
  /** The tool call whose subagent this belongs to; null on the main thread. */
  parent_tool_use_id: v.nullish(v.string()),
  ...subagentFields,
  /** The tool's full result as data, in a shape of the tool's own. */
  tool_use_result: v.optional(v.unknown()),
  tool_result_meta: v.nullish(v.array(anyObjectSchema)),
  mcp_meta: v.nullish(anyObjectSchema),
  /** True when the CLI wrote the message in the user's name. */
  isSynthetic: v.nullish(v.boolean()),
  /** True when the CLI repeats a message it was sent or has in its history. */
  isReplay: v.nullish(v.boolean()),
  priority: v.nullish(messagePrioritySchema),
  origin: v.nullish(originSchema),
  /** False to add the message to the history without starting a turn. */
  shouldQuery: v.nullish(v.boolean()),
  /** True when the text is to be taken as it is: no slash commands, no `@file`. */
  client_composed: v.nullish(v.boolean()),
  pasted_content: v.nullish(v.array(messageContentSchema)),
  inline_pastes: v.nullish(v.array(v.string())),
  file_attachments: v.nullish(v.array(v.unknown())),
  /** ISO time. */
  timestamp: v.nullish(v.string()),
});

/** Type of {@link userMessageSchema}. */
export interface UserMessage extends v.InferOutput<typeof userMessageSchema> {}
