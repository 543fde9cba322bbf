import type { StandardSchemaV1 } from "@standard-schema/spec";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as v from "valibot";
import { InvalidArgumentError } from "../../src/errors.js";
import { jsonSchemaOf } from "../../src/schema/json-schema.js";

const schemas = suite("JSON Schema of a schema");

/** A schema of some other library, with or without a converter of its own. */
function foreign(convert?: (options: unknown) => Record<string, unknown>): StandardSchemaV1 {
  const standard = {
    version: 1,
    vendor: "foreign",
    validate: (value: unknown) => ({ value }),
    ...(convert !== undefined && { jsonSchema: { input: convert, output: convert } }),
  } as const;
  return { "~standard": standard };
}

schemas("valibot's, without what JSON Schema has no words for", () => {
  const schema = v.object({
    name: v.pipe(v.string(), v.trim(), v.minLength(1)),
    tags: v.optional(v.array(v.picklist(["a", "b"])), []),
  });
  const { type, properties, required } = jsonSchemaOf(schema);
  assert.is(type, "object");
  assert.equal(required, ["name"]);
  assert.equal(Object.keys(properties as object), ["name", "tags"]);
});

schemas("by the library's own converter, for what goes in", () => {
  const seen: unknown[] = [];
  const schema = foreign((options) => {
    seen.push(options);
    return { $schema: "https://json-schema.org/draft/2020-12/schema", type: "object" };
  });
  assert.equal(jsonSchemaOf(schema), { type: "object" });
  assert.equal(seen, [{ target: "draft-2020-12" }]);
});

schemas("none: an error that says what to do", () => {
  for (const [schema, words] of [
    [foreign(), /"foreign" offers none.*Give one beside it/],
    [v.object({ when: v.date() }), /no JSON Schema: .*Give one beside it/],
    [
      foreign(() => {
        throw new Error("cannot convert");
      }),
      /cannot convert/,
    ],
  ] as const) {
    assert.throws(
      () => jsonSchemaOf(schema),
      (error: unknown) => error instanceof InvalidArgumentError && words.test(error.message),
    );
  }
});

schemas.run();
