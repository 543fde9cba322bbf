/**
 * The building blocks of every schema of the wire, and the rule they follow: a field is required only when
 * the message means nothing without it. Everything else may be absent or null, unknown fields pass through,
 * and names that the CLI may add to (types, subtypes, reasons) stay open.
 */
import * as v from "valibot";

declare const unknownName: unique symbol;

/** Marks an {@link UnknownName}, for the compiler alone. */
export interface UnknownMark {
  readonly [unknownName]: true;
}

/**
 * A `type` or `subtype` that this version does not know. At run time a plain string; pattern and brand exist
 * only for the compiler, so that comparing with a known name excludes the unknown members of a union. (The
 * pattern is needed: a branded `string` stays comparable to every literal and would survive the comparison.)
 * To compare with a name that is not modelled, widen first: `const type: string = message.type`.
 */
export type UnknownName = `<unknown ${string}>` & UnknownMark;

/** Schema of {@link UnknownName}: any string. Used where the known names have been ruled out already. */
export const unknownNameSchema = v.custom<UnknownName>(
  (input) => typeof input === "string",
  "Expected a name",
);

const anyString = v.string();

/** A string whose usual values are `Known`, for completion in an editor; any other string is accepted. */
export function open<Known extends string>(): v.GenericSchema<Known | (string & {})> {
  return anyString;
}

/** Schema of {@link AnyObject}. */
export const anyObjectSchema = v.record(anyString, v.unknown());

/** A JSON object whose fields are unknown. */
export type AnyObject = v.InferOutput<typeof anyObjectSchema>;

/** A string, or else what `other` accepts. */
export function stringOr<const Other extends v.GenericSchema>(
  other: Other,
): v.LazySchema<v.StringSchema<undefined> | Other> {
  return v.lazy((input) => (typeof input === "string" ? anyString : other));
}

/** What every conversation frame on stdout carries beside its own fields. */
export const frameFields = {
  /** Id of this frame alone; never the id of a session. */
  uuid: v.nullish(anyString),
  /** The session that wrote the frame; changes after `/clear` and forks. */
  session_id: v.nullish(anyString),
} as const;

/** Ties a frame to the user messages that it answers; set only when those were sent with a `uuid`. */
export const answeredFields = {
  user_message_uuid: v.nullish(anyString),
  /** All messages that were merged into this turn so far, in order. */
  user_message_uuids: v.nullish(v.array(anyString)),
  resume_reason: v.nullish(anyString),
} as const;

/** Names the subagent that a frame comes from; unset on the main thread. */
export const subagentFields = {
  agent_id: v.nullish(anyString),
  subagent_type: v.nullish(anyString),
  task_description: v.nullish(anyString),
} as const;

/** An object that its `type` makes what it is: a content block, a delta, a source. */
export function typed<const Type extends string, const Fields extends v.ObjectEntries>(
  type: Type,
  fields: Fields,
) {
  return v.looseObject({ type: v.literal(type), ...fields });
}

/** A control request or response body, which its `subtype` makes what it is. */
export function subtyped<const Subtype extends string, const Fields extends v.ObjectEntries>(
  subtype: Subtype,
  fields: Fields,
) {
  return v.looseObject({ subtype: v.literal(subtype), ...fields });
}

/** A conversation frame of that `type`, with {@link frameFields}. */
export function frame<const Type extends string, const Fields extends v.ObjectEntries>(
  type: Type,
  fields: Fields,
) {
  return v.looseObject({ type: v.literal(type), ...frameFields, ...fields });
}

/** A `system` frame of that `subtype`, with {@link frameFields}. */
export function systemFrame<const Subtype extends string, const Fields extends v.ObjectEntries>(
  subtype: Subtype,
  fields: Fields,
) {
  return v.looseObject({
    type: v.literal("system"),
    subtype: v.literal(subtype),
    ...frameFields,
    ...fields,
  });
}

/** `value[field]` when that is a string. Odd input gives undefined; the error of a throwing getter passes. */
export function tagOf(value: unknown, field: string): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const tag: unknown = Reflect.get(value, field);
  return typeof tag === "string" ? tag : undefined;
}

/** A schema of which nothing but its output matters: keeps the declarations of those that use it short. */
export type WireSchema<Output> = v.GenericSchema<Output>;

/** Schemas by the name that tells their outputs apart. */
export type SchemaTable<Outputs> = { readonly [Tag in keyof Outputs]: WireSchema<Outputs[Tag]> };

/** A schema that picks one of its members by the value of one field. */
export type DispatchSchema<Output> = WireSchema<Output> & {
  /** The field values that have a schema of their own; all others take the fallback. */
  readonly tags: ReadonlySet<string>;
};

/**
 * Validates an object with the one schema that its `field` names, or with `fallback` when the name is new.
 * A lookup instead of valibot's `variant` or `union`, which try their members in turn: 4-6 times slower over
 * as many members as the wire has. Each key of `members` must be the literal that its schema asks for.
 */
export function dispatch<
  const Field extends string,
  Outputs extends { readonly [Tag in keyof Outputs]: { readonly [F in Field]: Tag } },
  Fallback,
>(
  field: Field,
  members: SchemaTable<Outputs>,
  fallback: WireSchema<Fallback>,
): DispatchSchema<Outputs[keyof Outputs] | Fallback> {
  type Member = WireSchema<Outputs[keyof Outputs] | Fallback>;
  const byTag = new Map<string, Member>();
  for (const tag in members) byTag.set(tag, members[tag] as Member);
  const schema = v.lazy((input): Member => {
    const tag = tagOf(input, field);
    return (tag === undefined ? undefined : byTag.get(tag)) ?? (fallback as Member);
  });
  return Object.assign(schema, { tags: new Set(byTag.keys()) });
}
