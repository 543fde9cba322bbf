/**
 * The check that every frame passes on its way in: only the fields that this package itself relies on.
 *
 * The full schemas are for those who ask (`parseMessage`); running them on each frame would cost more than
 * parsing it, and a field that the CLI has changed must not cost anybody a message.
 */

import * as v from "valibot";

/** A frame that the control plane takes, or a message for the consumer. */
export type FrameRoute = "message" | "control_request" | "control_response" | "control_cancel_request";

/** Where a frame goes, or why it is not a message. */
export type FrameCheck = { readonly route: FrameRoute } | { readonly problem: string };

const text = v.pipe(v.string(), v.nonEmpty());

/** One schema per `type` with fields we rely on; a type without an entry needs nothing but its `type`. */
const RELIED_ON = new Map<string, { route: FrameRoute; schema: v.GenericSchema }>([
  [
    "control_request",
    {
      route: "control_request",
      schema: v.looseObject({ request_id: text, request: v.looseObject({ subtype: text }) }),
    },
  ],
  [
    "control_response",
    {
      route: "control_response",
      schema: v.looseObject({ response: v.looseObject({ subtype: text, request_id: text }) }),
    },
  ],
  [
    "control_cancel_request",
    { route: "control_cancel_request", schema: v.looseObject({ request_id: text }) },
  ],
  ["assistant", { route: "message", schema: v.looseObject({ message: v.looseObject({}) }) }],
]);

const MESSAGE: FrameCheck = { route: "message" };

/** True for what is a message beyond doubt; of all else only {@link checkFrame} can tell. A hundredth of its cost. */
export function isSurelyMessage(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { type, message } = value as { type?: unknown; message?: unknown };
  if (typeof type !== "string" || type === "") return false;
  if (type === "assistant") return typeof message === "object" && message !== null;
  return !RELIED_ON.has(type);
}

/** Tells where a decoded frame goes; never throws, changes nothing. */
export function checkFrame(value: unknown): FrameCheck {
  if (isSurelyMessage(value)) return MESSAGE;
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { problem: `expected a JSON object, got ${describe(value)}` };
  }
  const type: unknown = (value as { type?: unknown }).type;
  if (typeof type !== "string" || type === "") {
    return { problem: 'the object has no string field "type"' };
  }
  const entry = RELIED_ON.get(type);
  if (entry === undefined) return MESSAGE;
  const result = v.safeParse(entry.schema, value, { abortEarly: true });
  if (result.success) return { route: entry.route };
  const issue = result.issues[0];
  return { problem: `a "${type}" frame without a usable "${v.getDotPath(issue) ?? ""}": ${issue.message}` };
}

function describe(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "an array" : `a ${typeof value}`;
}
