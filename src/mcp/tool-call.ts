/** One call of a tool, from its input to its result. */

import type { StandardSchemaV1 } from "@standard-schema/spec";
import { onAbort } from "../abort-signal.js";
import { TimeoutError } from "../errors.js";
import type { McpTool, ToolContext } from "./tool.js";
import { errorResult, type WireToolResult, wireResult } from "./tool-content.js";

/** What a call brings with it. */
export interface ToolCallRequest extends Omit<ToolContext, "signal"> {
  readonly input: unknown;
  /** Milliseconds until the call has failed. */
  readonly timeoutMs: number;
  /** Fires when nobody wants the result any more. */
  readonly withdrawn: AbortSignal;
}

/** Issues that the model is told of; more of them would help it no further. */
const MOST_ISSUES = 20;

/**
 * Runs a tool. Settles at its deadline or its withdrawal at the latest, and never rejects: whatever fails becomes a
 * result that tells the model. A handler that goes on afterwards is not waited for.
 */
export async function callTool(tool: McpTool, call: ToolCallRequest): Promise<WireToolResult> {
  const controller = new AbortController();
  const stopListening = onAbort(call.withdrawn, () => controller.abort(call.withdrawn.reason));
  const { timeoutMs } = call;
  const timer = setTimeout(() => {
    const message = `The tool "${tool.name}" did not finish within ${timeoutMs} ms.`;
    controller.abort(new TimeoutError(message, { timeoutMs }));
  }, timeoutMs);
  const ended = new Promise<WireToolResult>((resolve) => {
    onAbort(controller.signal, () => resolve(errorResult(messageOf(controller.signal.reason))));
  });
  try {
    return await Promise.race([run(tool, call, controller.signal), ended]);
  } finally {
    clearTimeout(timer);
    stopListening();
  }
}

async function run(tool: McpTool, call: ToolCallRequest, signal: AbortSignal): Promise<WireToolResult> {
  try {
    const input = await check(tool.inputSchema, call.input);
    if ("issues" in input) return errorResult(`Invalid input of the tool "${tool.name}":\n${input.issues}`);
    const { progress, requestId, toolUseId, meta } = call;
    // The schema has checked what the handler is typed with; a handler without a schema takes no input.
    const handler = tool.handler as (input: unknown, context: ToolContext) => unknown;
    const returned = await handler(input.value, { signal, progress, requestId, toolUseId, meta });
    return await checkOutput(tool, wireResult(returned));
  } catch (error) {
    return errorResult(messageOf(error));
  }
}

async function checkOutput(tool: McpTool, result: WireToolResult): Promise<WireToolResult> {
  if (tool.outputSchema === undefined || result.isError === true) return result;
  const output = await check(tool.outputSchema, result.structuredContent);
  return "issues" in output
    ? errorResult(
        `The tool "${tool.name}" returned structured content that does not fit its schema:\n${output.issues}`,
      )
    : result;
}

async function check(
  schema: StandardSchemaV1 | undefined,
  value: unknown,
): Promise<{ value: unknown } | { issues: string }> {
  if (schema === undefined) return { value };
  const checked = await schema["~standard"].validate(value);
  if (checked.issues === undefined) return { value: checked.value };
  const lines = checked.issues.slice(0, MOST_ISSUES).map(issueLine);
  const more = checked.issues.length - lines.length;
  return { issues: [...lines, ...(more > 0 ? [`- and ${more} more`] : [])].join("\n") };
}

function issueLine({ message, path = [] }: StandardSchemaV1.Issue): string {
  const keys = path.map((part) => String(typeof part === "object" ? part.key : part));
  return keys.length === 0 ? `- ${message}` : `- ${keys.join(".")}: ${message}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
