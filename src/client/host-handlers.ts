/** From a client's options to who answers what the CLI asks of its host. */

import { fileURLToPath, pathToFileURL } from "node:url";
import type { HostTask } from "../channel/control-contract.js";
import { InvalidArgumentError } from "../errors.js";
import { milliseconds } from "../options.js";
import { approvals } from "./approvals.js";
import { elicitations, userDialogs } from "./dialogs.js";
import type { HostOptions } from "./host-options.js";
import type { RequestHandler } from "./host-requests.js";

/** The handlers that run in this thread, by the subtype they answer. */
export function hostHandlers(options: HostOptions): ReadonlyMap<string, RequestHandler> {
  const handlers = new Map<string, RequestHandler>();
  const { onToolApproval, approvalTimeoutMs, onElicitation, onUserDialog } = options;
  if (onToolApproval) handlers.set("can_use_tool", approvals(onToolApproval, approvalTimeoutMs));
  if (onElicitation) handlers.set("elicitation", elicitations(onElicitation));
  if (onUserDialog) handlers.set("request_user_dialog", userDialogs(onUserDialog));
  return handlers;
}

/**
 * What the worker must know of it.
 * @throws InvalidArgumentError for an impossible time or module.
 */
export function hostTask(options: HostOptions): HostTask {
  const { approvalTimeoutMs, policy, workerModule } = options;
  if (approvalTimeoutMs !== undefined) milliseconds("approvalTimeoutMs", approvalTimeoutMs);
  return {
    takes: [...hostHandlers(options).keys()],
    policy,
    module: workerModule === undefined ? undefined : moduleUrl(workerModule),
    approvalTimeoutMs,
  };
}

/** True when somebody decides about tools: then the CLI has to be told to ask. */
export function decidesAboutTools(options: HostOptions): boolean {
  const { onToolApproval, policy, workerModule } = options;
  return onToolApproval !== undefined || policy !== undefined || workerModule !== undefined;
}

/** True when the CLI must not start its work before `initialize`: it would start without these. */
export function waitsForInitialize({ initialize }: HostOptions): boolean {
  return initialize?.mcpServers != null || initialize?.plugins != null;
}

function moduleUrl(given: URL | string): string {
  try {
    const url =
      typeof given === "string" && !given.startsWith("file:") ? pathToFileURL(given) : new URL(given);
    fileURLToPath(url);
    return url.href;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new InvalidArgumentError(`workerModule must be a path or a file: URL: ${reason}`, { cause });
  }
}
