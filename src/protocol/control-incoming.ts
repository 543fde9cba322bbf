/** Control requests that the CLI sends to the client, which must answer them. */
import * as v from "valibot";
import { hookInputSchema } from "./hooks.js";
import { canUseToolRequestSchema } from "./permission.js";
import {
  anyObjectSchema,
  type DispatchSchema,
  dispatch,
  open,
  subtyped,
  unknownNameSchema,
} from "./wire-schema.js";

/** `hook_callback`: run the hook that was registered under that id. Answer: a `HookOutput`. */
export const hookCallbackRequestSchema = subtyped("hook_callback", {
  callback_id: v.string(),
  input: hookInputSchema,
  tool_use_id: v.nullish(v.string()),
});

/** Type of {@link hookCallbackRequestSchema}. */
export interface HookCallbackRequest extends v.InferOutput<typeof hookCallbackRequestSchema> {}

/** `mcp_message`: a JSON-RPC message for a server in the client. Answer: `{ mcp_response }`. */
export const mcpMessageRequestSchema = subtyped("mcp_message", {
  server_name: v.string(),
  message: anyObjectSchema,
});

/** Type of {@link mcpMessageRequestSchema}. */
export interface McpMessageRequest extends v.InferOutput<typeof mcpMessageRequestSchema> {}

/** `elicitation`: an MCP server asks the user something. Answer: `{ action, content? }`. */
export const elicitationRequestSchema = subtyped("elicitation", {
  mcp_server_name: v.string(),
  message: v.nullish(v.string()),
  mode: v.nullish(open<"form" | "url">()),
  url: v.nullish(v.string()),
  elicitation_id: v.nullish(v.string()),
  /** JSON schema of the form. */
  requested_schema: v.nullish(anyObjectSchema),
  property_order: v.nullish(v.array(v.string())),
  title: v.nullish(v.string()),
  display_name: v.nullish(v.string()),
  description: v.nullish(v.string()),
});

/** Type of {@link elicitationRequestSchema}. */
export interface ElicitationRequest extends v.InferOutput<typeof elicitationRequestSchema> {}

/** `request_user_dialog`: a dialog of the client. Answer: `{ behavior, result? }`. */
export const userDialogRequestSchema = subtyped("request_user_dialog", {
  dialog_kind: v.string(),
  payload: v.nullish(anyObjectSchema),
  tool_use_id: v.nullish(v.string()),
});

/** Type of {@link userDialogRequestSchema}. */
export interface UserDialogRequest extends v.InferOutput<typeof userDialogRequestSchema> {}

/** A request of a subtype that this version does not know; answer it with an error, or the CLI waits. */
export const unknownIncomingRequestSchema = v.looseObject({ subtype: unknownNameSchema });

/** Type of {@link unknownIncomingRequestSchema}. */
export interface UnknownIncomingRequest extends v.InferOutput<typeof unknownIncomingRequestSchema> {}

/**
 * Every known control request of the CLI, by `subtype`. Those with no fields here are emitted by the CLI
 * for hosts of its maker; their fields are not published and pass through.
 */
export const incomingRequestSchemas = {
  can_use_tool: canUseToolRequestSchema,
  hook_callback: hookCallbackRequestSchema,
  mcp_message: mcpMessageRequestSchema,
  elicitation: elicitationRequestSchema,
  request_user_dialog: userDialogRequestSchema,
  oauth_token_refresh: subtyped("oauth_token_refresh", {}),
  host_auth_token_refresh: subtyped("host_auth_token_refresh", {}),
  remote_tool_call: subtyped("remote_tool_call", {}),
  remote_plumbing_call: subtyped("remote_plumbing_call", {}),
  remote_tools_probe: subtyped("remote_tools_probe", {}),
  remote_tools_reannounce: subtyped("remote_tools_reannounce", {}),
  remote_control_work_secret: subtyped("remote_control_work_secret", {}),
  ui_copy: subtyped("ui_copy", {}),
  ui_prompt_read: subtyped("ui_prompt_read", {}),
  ui_prompt_fill: subtyped("ui_prompt_fill", {}),
  ui_prompt_paint: subtyped("ui_prompt_paint", {}),
  ui_prompt_suggest: subtyped("ui_prompt_suggest", {}),
  ui_read_selection: subtyped("ui_read_selection", {}),
} as const;

/** The known control requests of the CLI by `subtype`, as types. */
export type IncomingRequests = {
  [Subtype in keyof typeof incomingRequestSchemas]: v.InferOutput<(typeof incomingRequestSchemas)[Subtype]>;
};

/** The body of a control request; narrow it with `request.subtype === "can_use_tool"` and the like. */
export type IncomingRequest = IncomingRequests[keyof IncomingRequests] | UnknownIncomingRequest;

/** Schema of {@link IncomingRequest}. */
export const incomingRequestSchema: DispatchSchema<IncomingRequest> = dispatch(
  "subtype",
  incomingRequestSchemas,
  unknownIncomingRequestSchema,
);

/** The frame `control_request` on stdout: the CLI asks, and waits for a `control_response` with its id. */
export const controlRequestMessageSchema = v.looseObject({
  type: v.literal("control_request"),
  request_id: v.string(),
  request: incomingRequestSchema,
});

/** Type of {@link controlRequestMessageSchema}. */
export interface ControlRequestMessage extends v.InferOutput<typeof controlRequestMessageSchema> {}

/** The frame `control_cancel_request`, in either direction: the sender no longer wants an answer. */
export const controlCancelMessageSchema = v.looseObject({
  type: v.literal("control_cancel_request"),
  request_id: v.string(),
});

/** Type of {@link controlCancelMessageSchema}. */
export interface ControlCancelMessage extends v.InferOutput<typeof controlCancelMessageSchema> {}
