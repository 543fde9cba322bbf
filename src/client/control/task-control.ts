/** What runs in the background of a session. */

import type { WaitOptions } from "../deadline.js";
import type { ControlRequests, PromisedAnswer } from "./control-requests.js";

/** `client.tasks`: background shells and subagents, by the `task_id` of their `task_started` message. */
export class TaskControl {
  readonly #requests: ControlRequests;

  /** @internal */
  constructor(requests: ControlRequests) {
    this.#requests = requests;
  }

  /** Stops a task; a `task_notification` with status `stopped` follows. */
  async stop(taskId: string, options: WaitOptions = {}): Promise<void> {
    await this.#requests.ask("stop_task", { task_id: taskId }, options);
  }

  /**
   * Sends the tool call of that id to the background, or without an id all that run; the turn goes on at once. False
   * when there was no such call.
   */
  async background(toolUseId?: string, options: WaitOptions = {}): Promise<boolean> {
    const answer = await this.#requests.ask("background_tasks", { tool_use_id: toolUseId }, options);
    return answer.backgrounded !== false;
  }

  /** The end of a shell's output, at most 8 KiB, while it runs and after. */
  output(
    taskId: string,
    options: WaitOptions = {},
  ): Promise<PromisedAnswer<"get_task_output", "output" | "total_bytes" | "truncated">> {
    const fields = { task_id: taskId };
    return this.#requests.ask("get_task_output", fields, options, "output", "total_bytes", "truncated");
  }
}
