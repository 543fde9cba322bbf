/** What the CLI answers to control requests: the payload of a `success`, by the request's subtype. */
import type * as v from "valibot";
import { sessionResponseSchemas } from "./response-session.js";
import { toolResponseSchemas } from "./response-tools.js";

/** Schemas of the payloads by `subtype`; a request without an entry is answered without a payload. */
export const responsePayloadSchemas = { ...sessionResponseSchemas, ...toolResponseSchemas } as const;

/** The payloads by `subtype` of the request, as types. */
export type ResponsePayloads = {
  [Subtype in keyof typeof responsePayloadSchemas]: v.InferOutput<(typeof responsePayloadSchemas)[Subtype]>;
};
