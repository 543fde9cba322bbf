/** What the CLI asks the user through its host, beside permissions: forms of MCP servers, and dialogs. */

import {
  type ControlAnswer,
  type ControlRequestMessage,
  controlSuccess,
  type ElicitationRequest,
  type UserDialogRequest,
} from "../protocol/index.js";
import type { RequestHandler } from "./host-requests.js";

/** What a handler is given beside the request. */
export interface DialogContext {
  /** Fires when the CLI withdraws the request or the session ends: close the dialog then. */
  readonly signal: AbortSignal;
}

/** What becomes of an elicitation; `content` holds the form's fields and goes with `accept` alone. */
export type ElicitationAnswer =
  | { readonly action: "accept"; readonly content?: Readonly<Record<string, unknown>> }
  | { readonly action: "decline" | "cancel" };

/** Asks the user what an MCP server wants to know. */
export type ElicitationHandler = (
  request: ElicitationRequest,
  context: DialogContext,
) => ElicitationAnswer | Promise<ElicitationAnswer>;

/** What becomes of a dialog; the shape of `result` depends on its kind. */
export type UserDialogAnswer =
  | { readonly behavior: "completed"; readonly result: unknown }
  | { readonly behavior: "cancelled" };

/** Shows the user a dialog. */
export type UserDialogHandler = (
  request: UserDialogRequest,
  context: DialogContext,
) => UserDialogAnswer | Promise<UserDialogAnswer>;

/** Answers elicitations by the user's handler; one that throws declines, so that the server learns of it. */
export function elicitations(handler: ElicitationHandler): RequestHandler {
  const decline: ElicitationAnswer = { action: "decline" };
  return (message, signal) =>
    answered(message, () => handler(message.request as ElicitationRequest, { signal }), decline);
}

/** Answers dialogs by the user's handler; one that throws cancels. */
export function userDialogs(handler: UserDialogHandler): RequestHandler {
  const cancel: UserDialogAnswer = { behavior: "cancelled" };
  return (message, signal) =>
    answered(message, () => handler(message.request as UserDialogRequest, { signal }), cancel);
}

async function answered<Answer extends object>(
  { request_id: id }: ControlRequestMessage,
  ask: () => Answer | Promise<Answer>,
  otherwise: Answer,
): Promise<ControlAnswer> {
  const answer = await Promise.resolve()
    .then(ask)
    .catch(() => otherwise);
  return controlSuccess(id, Object.fromEntries(Object.entries(answer ?? otherwise))).response;
}
