/** Answers that are values of the caller's schema. */

import { isDeepStrictEqual } from "node:util";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { InvalidArgumentError, InvalidStateError, StructuredOutputError } from "../errors.js";
import { type ClaudeOutput, errorsOf, isResult, type ResultMessage } from "../protocol/index.js";
import { type JsonSchema, jsonSchemaOf } from "../schema/json-schema.js";
import type { QueryOptions } from "./client-options.js";
import type { HostOptions } from "./host-options.js";
import type { Introduction } from "./introduction.js";

/**
 * What an answer must be: a [Standard Schema](https://standardschema.dev) (valibot, zod, arktype, …) that can tell its
 * JSON Schema, or one with a JSON Schema beside it. At its root it must be an object.
 */
export type OutputSchema<Schema extends StandardSchemaV1 = StandardSchemaV1> =
  | Schema
  | { readonly schema: Schema; readonly jsonSchema: JsonSchema };

/** How to ask for a value. */
export interface StructuredQueryOptions<Schema extends StandardSchemaV1> extends QueryOptions {
  /** What the answer must be. The CLI takes one JSON Schema per process, before its first prompt. */
  readonly schema: OutputSchema<Schema>;
}

/** An answer that fits the schema. */
export interface StructuredAnswer<Value> {
  /** What the schema has made of the answer. */
  readonly value: Value;
  readonly result: ResultMessage;
  /** The turn's messages, the result included. */
  readonly messages: readonly ClaudeOutput[];
}

export class StructuredOutput {
  readonly #introduction: Introduction;
  /** What this process answers by; undefined while it has not been told. */
  #jsonSchema: JsonSchema | undefined;
  /** Deriving one costs this thread more than a small answer does. */
  readonly #derived = new WeakMap<StandardSchemaV1, JsonSchema>();

  /** @param args the child's, which may hold a JSON Schema, as may what it was told first */
  constructor(introduction: Introduction, args: readonly string[], { initialize }: HostOptions) {
    this.#introduction = introduction;
    this.#jsonSchema = initialize?.jsonSchema ?? launchedWith(args);
  }

  /**
   * Has a turn run by the schema, and reads its value.
   * @throws InvalidArgumentError, InvalidStateError when the process answers by another schema or by none,
   * StructuredOutputError, and what the turn throws
   */
  async ask<Schema extends StandardSchemaV1>(
    options: StructuredQueryOptions<Schema>,
    run: () => Promise<ClaudeOutput[]>,
  ): Promise<StructuredAnswer<StandardSchemaV1.InferOutput<Schema>>> {
    const given: OutputSchema<Schema> = options.schema;
    const schema = "~standard" in given ? given : given.schema;
    const jsonSchema = "~standard" in given ? this.#derive(schema) : checked(given.jsonSchema);
    const settled = this.#settle(jsonSchema, options);
    // The prompt follows at once: other queries must not get between.
    const [messages] = await Promise.all([run(), settled]);
    return readValue(schema, messages);
  }

  #derive(schema: StandardSchemaV1): JsonSchema {
    const known = this.#derived.get(schema);
    if (known !== undefined) return known;
    const jsonSchema = checked(jsonSchemaOf(schema));
    this.#derived.set(schema, jsonSchema);
    return jsonSchema;
  }

  /** Sends the schema when it is the first one; to be called just before the prompt is sent. */
  #settle(jsonSchema: JsonSchema, { signal }: QueryOptions): Promise<unknown> | undefined {
    if (this.#jsonSchema !== undefined && isDeepStrictEqual(this.#jsonSchema, jsonSchema)) return undefined;
    if (this.#jsonSchema !== undefined || !this.#introduction.possible) {
      const by = this.#jsonSchema === undefined ? "no schema" : "another schema";
      throw new InvalidStateError(
        `This process answers by ${by}, and the CLI takes one only before its first prompt: open another client, ` +
          "or give the builder jsonSchema(jsonSchemaOf(schema)).",
      );
    }
    this.#jsonSchema = jsonSchema;
    return this.#introduction.ask(signal === undefined ? {} : { signal }, { jsonSchema });
  }
}

/** Reads the value from a turn's messages. */
async function readValue<Schema extends StandardSchemaV1>(
  schema: Schema,
  messages: readonly ClaudeOutput[],
): Promise<StructuredAnswer<StandardSchemaV1.InferOutput<Schema>>> {
  const result = messages.at(-1);
  if (!isResult(result)) throw new InvalidStateError("The turn has no result.");
  const output: unknown = Reflect.get(result, "structured_output");
  if (output === undefined) {
    const reasons = [`The turn ended (${result.subtype}) without a structured output.`, ...errorsOf(result)];
    throw new StructuredOutputError(reasons.join(" "), { result });
  }
  const outcome = await schema["~standard"].validate(output);
  if (outcome.issues === undefined) {
    return { value: outcome.value as StandardSchemaV1.InferOutput<Schema>, result, messages };
  }
  const { issues } = outcome;
  const reasons = issues.map(({ message }) => message).join(" ");
  throw new StructuredOutputError(`The schema refused the structured output: ${reasons}`, { issues, result });
}

/** @throws InvalidArgumentError unless it is an object at its root: the model gives it as the input of a tool. */
function checked(jsonSchema: JsonSchema): JsonSchema {
  if (jsonSchema.type === "object") return jsonSchema;
  throw new InvalidArgumentError(
    "The schema of an answer must be an object at its root: put the value, or the choice, into a property.",
  );
}

function launchedWith(args: readonly string[]): JsonSchema | undefined {
  const flag = "--json-schema";
  const joined = args.find((item) => item.startsWith(`${flag}=`))?.slice(flag.length + 1);
  const text = joined ?? (args.includes(flag) ? args[args.indexOf(flag) + 1] : undefined);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as JsonSchema;
  } catch {
    // The CLI refuses it, and says so.
    return undefined;
  }
}
