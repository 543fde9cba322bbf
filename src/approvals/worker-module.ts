/** A module of the user's that answers the CLI in the worker thread, so that no blocked host keeps it waiting. */

import type { Hooks } from "../hooks/hooks.js";
import type { ToolPermissionRequest } from "../protocol/index.js";
import type { ToolApproval, ToolApprovalContext } from "./tool-approval.js";

/**
 * What such a module may export. It is loaded once in each thread that needs it and serves all sessions there; its
 * thread also reads their CLIs, so it must not block.
 */
export interface WorkerModule {
  /** Decides about a tool; undefined leaves the decision to the host's `onToolApproval`. One that throws denies. */
  readonly onToolApproval?: (
    request: ToolPermissionRequest,
    context: ToolApprovalContext,
  ) => ToolApproval | undefined | Promise<ToolApproval | undefined>;
  /** Hooks that are called in the worker thread, beside those of the host. */
  readonly hooks?: Hooks;
}
