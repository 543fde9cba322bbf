/** Inputs of the tools that run commands, agents and tasks. Mirrors `sdk-tools.d.ts` of the agent SDK. */
import * as v from "valibot";
import { anyObjectSchema, open } from "./wire-schema.js";

const text = v.nullish(v.string());
const count = v.nullish(v.number());
const flag = v.nullish(v.boolean());

const agent = v.looseObject({
  description: v.string(),
  prompt: v.string(),
  subagent_type: text,
  model: v.nullish(open<"sonnet" | "opus" | "haiku" | "fable">()),
  effort: text,
  run_in_background: flag,
  name: text,
  team_name: text,
  mode: text,
  isolation: v.nullish(open<"worktree" | "remote">()),
  max_turns: count,
  resume: text,
});

const stopTask = v.looseObject({ task_id: text, shell_id: text });

/** Inputs of the tools that run commands, agents and tasks, by the tool's name. */
export const workToolInputSchemas = {
  Bash: v.looseObject({
    command: v.string(),
    description: text,
    /** Milliseconds. */
    timeout: count,
    run_in_background: flag,
    dangerouslyDisableSandbox: flag,
  }),
  /** Former name of `Agent`. */
  Task: agent,
  Agent: agent,
  TaskStop: stopTask,
  /** Former names of `TaskStop`. */
  KillShell: stopTask,
  KillBash: stopTask,
  TaskOutput: v.looseObject({
    task_id: v.string(),
    block: flag,
    /** Milliseconds. */
    timeout: count,
  }),
  TaskCreate: v.looseObject({
    subject: v.string(),
    description: v.string(),
    activeForm: text,
    metadata: v.nullish(anyObjectSchema),
  }),
  TaskGet: v.looseObject({ taskId: v.string() }),
  TaskList: v.looseObject({}),
  TaskUpdate: v.looseObject({
    taskId: v.string(),
    subject: text,
    description: text,
    activeForm: text,
    status: v.nullish(open<"pending" | "in_progress" | "completed" | "deleted">()),
    addBlocks: v.nullish(v.array(v.string())),
    addBlockedBy: v.nullish(v.array(v.string())),
    owner: text,
    metadata: v.nullish(anyObjectSchema),
  }),
  TodoWrite: v.looseObject({
    todos: v.array(
      v.looseObject({
        content: v.string(),
        status: open<"pending" | "in_progress" | "completed">(),
        activeForm: text,
      }),
    ),
  }),
  Workflow: v.looseObject({
    script: text,
    scriptPath: text,
    name: text,
    title: text,
    description: text,
    args: v.nullish(anyObjectSchema),
    resumeFromRunId: text,
  }),
  Monitor: v.looseObject({
    description: v.string(),
    timeout_ms: count,
    command: text,
    ws: v.nullish(v.looseObject({ url: v.string(), protocols: v.nullish(v.array(v.string())) })),
  }),
  CronCreate: v.looseObject({ cron: v.string(), prompt: v.string(), recurring: flag, durable: flag }),
  CronDelete: v.looseObject({ id: v.string() }),
  CronList: v.looseObject({}),
  ScheduleWakeup: v.looseObject({
    delaySeconds: count,
    reason: text,
    prompt: text,
    stop: flag,
    noop: flag,
  }),
  RemoteTrigger: v.looseObject({
    action: open<
      "list" | "get" | "create" | "update" | "run" | "create_webhook_trigger" | "list_runs" | "get_run_log"
    >(),
    trigger_id: text,
    session_id: text,
    cursor: text,
    body: v.nullish(anyObjectSchema),
  }),
  EnterWorktree: v.looseObject({ name: text, path: text }),
  ExitWorktree: v.looseObject({ action: open<"keep" | "remove">(), discard_changes: flag }),
} as const;
