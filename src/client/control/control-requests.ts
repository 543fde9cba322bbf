/** Control requests whose answers are checked before anybody relies on them. */

import { DeserializationError } from "../../errors.js";
import {
  type OutgoingFields,
  type OutgoingSubtype,
  type ResponsePayloads,
  responsePayloadSchemas,
} from "../../protocol/index.js";
import { check } from "../../protocol/validation.js";
import type { ControlCalls } from "../control-calls.js";
import type { WaitOptions } from "../deadline.js";

/** What the CLI answers to a control request of that subtype; any field may be absent in an older version's. */
export type ControlAnswerTo<Subtype extends string> = Subtype extends keyof ResponsePayloads
  ? ResponsePayloads[Subtype]
  : Record<string, unknown>;

/** The same with some fields that are certain to be there. */
export type PromisedAnswer<Subtype extends string, Field extends string> = ControlAnswerTo<Subtype> & {
  readonly [Name in Field]: Name extends keyof ControlAnswerTo<Subtype>
    ? NonNullable<ControlAnswerTo<Subtype>[Name]>
    : unknown;
};

export class ControlRequests {
  readonly #calls: ControlCalls;

  constructor(calls: ControlCalls) {
    this.#calls = calls;
  }

  /** Any request; an answer without a payload is an empty object. */
  async send(
    subtype: string,
    fields: Readonly<Record<string, unknown>>,
    options: WaitOptions,
  ): Promise<Record<string, unknown>> {
    const payload = await this.sendUnchecked(subtype, fields, options);
    checkPayload(subtype, payload);
    return payload;
  }

  /** Like {@link send}, but takes the fields of the answer as they come. */
  async sendUnchecked(
    subtype: string,
    fields: Readonly<Record<string, unknown>>,
    options: WaitOptions,
  ): Promise<Record<string, unknown>> {
    const payload = (await this.#calls.request(subtype, options, fields)) ?? {};
    if (!isRecord(payload)) throw misfit(subtype, payload, "expected an object");
    return payload;
  }

  /** A request of a known subtype, whose answer must have the named fields. */
  async ask<Subtype extends OutgoingSubtype, Field extends string = never>(
    subtype: Subtype,
    fields: OutgoingFields<Subtype>,
    options: WaitOptions,
    ...promised: readonly Field[]
  ): Promise<PromisedAnswer<Subtype, Field>> {
    const payload = await this.send(subtype, fields, options);
    for (const field of promised) promisedField(subtype, payload, field);
    return payload as PromisedAnswer<Subtype, Field>;
  }
}

/** @throws DeserializationError when a field has another shape than the protocol knows */
export function checkPayload(subtype: string, payload: Readonly<Record<string, unknown>>): void {
  if (!isModelled(subtype)) return;
  const [issue] = check(responsePayloadSchemas[subtype], payload);
  if (issue !== undefined) throw misfit(subtype, payload, `"${issue.path}": ${issue.message}`);
}

/**
 * A field that an answer must have.
 * @throws DeserializationError when it has not
 */
export function promisedField<Payload extends Readonly<Record<string, unknown>>, Field extends string>(
  subtype: string,
  payload: Payload,
  field: Field,
): NonNullable<Payload[Field]> {
  const value = payload[field];
  if (value === undefined || value === null) {
    throw misfit(subtype, payload, `"${field}": expected a value, got nothing`);
  }
  return value;
}

function isModelled(subtype: string): subtype is keyof ResponsePayloads {
  return Object.hasOwn(responsePayloadSchemas, subtype);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function misfit(subtype: string, payload: unknown, reason: string): DeserializationError {
  return new DeserializationError(
    `The CLI has carried out the control request "${subtype}", but its answer cannot be used: ${reason}.`,
    { rawLine: JSON.stringify(payload), reason },
  );
}
