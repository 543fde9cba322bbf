/** System frames about tasks: subagents, background shells and workflows. */
import * as v from "valibot";
import { anyObjectSchema, open, systemFrame } from "./wire-schema.js";

const taskUsage = v.looseObject({
  total_tokens: v.nullish(v.number()),
  tool_uses: v.nullish(v.number()),
  /** Milliseconds. */
  duration_ms: v.nullish(v.number()),
});

const task = {
  task_id: v.string(),
  run_id: v.nullish(v.string()),
  /** The tool call that started the task. */
  tool_use_id: v.nullish(v.string()),
} as const;

/** `system/task_started`. */
export const taskStartedMessageSchema = systemFrame("task_started", {
  ...task,
  description: v.nullish(v.string()),
  task_type: v.nullish(open<"local_agent" | "local_bash" | "local_workflow">()),
  subagent_type: v.nullish(v.string()),
  prompt: v.nullish(v.string()),
  workflow_name: v.nullish(v.string()),
  is_backgrounded: v.nullish(v.boolean()),
  spawn_depth: v.nullish(v.number()),
  parent_task_id: v.nullish(v.string()),
  skip_transcript: v.nullish(v.boolean()),
  ambient: v.nullish(v.boolean()),
});

/** Type of {@link taskStartedMessageSchema}. */
export interface TaskStartedMessage extends v.InferOutput<typeof taskStartedMessageSchema> {}

/** `system/task_progress`. */
export const taskProgressMessageSchema = systemFrame("task_progress", {
  ...task,
  description: v.nullish(v.string()),
  subagent_type: v.nullish(v.string()),
  usage: v.nullish(taskUsage),
  last_tool_name: v.nullish(v.string()),
  summary: v.nullish(v.string()),
});

/** Type of {@link taskProgressMessageSchema}. */
export interface TaskProgressMessage extends v.InferOutput<typeof taskProgressMessageSchema> {}

/** `system/task_updated`: the fields in `patch` have new values. */
export const taskUpdatedMessageSchema = systemFrame("task_updated", {
  ...task,
  patch: v.looseObject({
    status: v.nullish(open<"pending" | "running" | "completed" | "failed" | "killed" | "paused">()),
    description: v.nullish(v.string()),
    end_time: v.nullish(v.number()),
    total_paused_ms: v.nullish(v.number()),
    error: v.nullish(v.string()),
    is_backgrounded: v.nullish(v.boolean()),
  }),
});

/** Type of {@link taskUpdatedMessageSchema}. */
export interface TaskUpdatedMessage extends v.InferOutput<typeof taskUpdatedMessageSchema> {}

/** `system/task_notification`: a task has ended. */
export const taskNotificationMessageSchema = systemFrame("task_notification", {
  ...task,
  status: v.nullish(open<"completed" | "failed" | "stopped">()),
  reason: v.nullish(open<"worker_restart">()),
  /** File that holds the task's output. */
  output_file: v.nullish(v.string()),
  summary: v.nullish(v.string()),
  usage: v.nullish(taskUsage),
  resource_links: v.nullish(v.array(anyObjectSchema)),
  skip_transcript: v.nullish(v.boolean()),
  ambient: v.nullish(v.boolean()),
});

/** Type of {@link taskNotificationMessageSchema}. */
export interface TaskNotificationMessage extends v.InferOutput<typeof taskNotificationMessageSchema> {}

/** `system/background_tasks_changed`: the whole list of tasks that run beside the conversation. */
export const backgroundTasksChangedMessageSchema = systemFrame("background_tasks_changed", {
  tasks: v.array(
    v.looseObject({
      ...task,
      task_type: v.nullish(v.string()),
      subagent_type: v.nullish(v.string()),
      description: v.nullish(v.string()),
      parent_task_id: v.nullish(v.string()),
      ambient: v.nullish(v.boolean()),
      awaited: v.nullish(v.boolean()),
      off_host: v.nullish(v.boolean()),
    }),
  ),
});

/** Type of {@link backgroundTasksChangedMessageSchema}. */
export interface BackgroundTasksChangedMessage
  extends v.InferOutput<typeof backgroundTasksChangedMessageSchema> {}

/** `system/task_summary`: emitted by the CLI, its fields are not published. */
export const taskSummaryMessageSchema = systemFrame("task_summary", {});

/** Type of {@link taskSummaryMessageSchema}. */
export interface TaskSummaryMessage extends v.InferOutput<typeof taskSummaryMessageSchema> {}
