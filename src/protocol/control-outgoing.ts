/** Control requests that the client sends to the CLI. */
import * as v from "valibot";
import { sessionRequestSchemas } from "./control-outgoing-session.js";
import { toolRequestSchemas } from "./control-outgoing-tools.js";
import { type DispatchSchema, dispatch } from "./wire-schema.js";

/**
 * Every known control request of the client, by `subtype`. Where the CLI takes more fields than are
 * published, the others pass through.
 */
export const outgoingRequestSchemas = { ...sessionRequestSchemas, ...toolRequestSchemas } as const;

/** The known control requests of the client by `subtype`, as types. */
export type OutgoingRequests = {
  [Subtype in keyof typeof outgoingRequestSchemas]: v.InferOutput<(typeof outgoingRequestSchemas)[Subtype]>;
};

/** A `subtype` that {@link outgoingRequestSchemas} knows. */
export type OutgoingSubtype = keyof OutgoingRequests;

/**
 * The fields that a control request takes beside its `subtype`, with their types. Others may be given too.
 */
export type OutgoingFields<Subtype extends OutgoingSubtype> = {
  [Field in keyof OutgoingRequests[Subtype] as string extends Field
    ? never
    : Field extends "subtype"
      ? never
      : Field]: OutgoingRequests[Subtype][Field];
} & { [field: string]: unknown };

/** A control request of a subtype that this version does not know. */
export const otherOutgoingRequestSchema = v.looseObject({ subtype: v.string() });

/** Type of {@link otherOutgoingRequestSchema}. */
export interface OtherOutgoingRequest extends v.InferOutput<typeof otherOutgoingRequestSchema> {}

/** The body of a control request of the client. */
export type OutgoingRequest = OutgoingRequests[OutgoingSubtype] | OtherOutgoingRequest;

/** Schema of {@link OutgoingRequest}. */
export const outgoingRequestSchema: DispatchSchema<OutgoingRequest> = dispatch(
  "subtype",
  outgoingRequestSchemas,
  otherOutgoingRequestSchema,
);
