/** What is recorded, by topic: each becomes a file of the corpus. */

import type { Topic } from "./topic.js";
import { API_TOPICS } from "./topics-api.js";
import { CONTROL_TOPICS } from "./topics-control.js";
import { MCP_TOPICS } from "./topics-mcp.js";
import { SESSION_TOPICS } from "./topics-session.js";
import { TASK_TOPICS } from "./topics-tasks.js";
import { TOOL_TOPICS } from "./topics-tools.js";

/** All topics. A frame that several of them produce is kept in the first. */
export const TOPICS: readonly Topic[] = [
  ...SESSION_TOPICS,
  ...API_TOPICS,
  ...TOOL_TOPICS,
  ...TASK_TOPICS,
  ...MCP_TOPICS,
  ...CONTROL_TOPICS,
];
