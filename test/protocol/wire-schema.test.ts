import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as v from "valibot";
import { dispatch, stringOr, tagOf, unknownNameSchema } from "../../src/protocol/wire-schema.js";

const fallback = v.looseObject({ kind: unknownNameSchema });
const circle = v.looseObject({ kind: v.literal("circle"), radius: v.number() });
const square = v.looseObject({ kind: v.literal("square"), side: v.number() });
const shape = dispatch("kind", { circle, square }, fallback);

const wire = suite("wire schema");

wire("dispatch runs the one schema that the field names", () => {
  assert.equal([...shape.tags], ["circle", "square"]);
  assert.ok(v.is(shape, { kind: "circle", radius: 1 }));
  assert.not(v.is(shape, { kind: "circle", side: 1 }));
  assert.ok(v.is(shape, { kind: "square", side: 1 }));
});

wire("dispatch takes the fallback for everything else", () => {
  for (const kind of ["triangle", "", "constructor", "__proto__", "toString"])
    assert.ok(v.is(shape, { kind }));
  for (const value of [{}, { kind: 1 }, { kind: null }, null, "circle", []]) assert.not(v.is(shape, value));
});

wire("a key that is not what its schema asks for does not compile", () => {
  // @ts-expect-error: the schema under this key is that of a circle
  dispatch("kind", { sphere: circle }, fallback);
});

wire("stringOr takes a string, or the other", () => {
  const schema = stringOr(v.array(v.number()));
  assert.is(v.parse(schema, "a"), "a");
  assert.equal(v.parse(schema, [1]), [1]);
  for (const value of [1, null, {}, ["a"]]) assert.not(v.is(schema, value));
});

wire("tagOf is a string or undefined", () => {
  assert.is(tagOf({ type: "a" }, "type"), "a");
  assert.is(tagOf({ type: "" }, "type"), "");
  for (const value of [{ type: 1 }, {}, null, undefined, "type", 1])
    assert.is(tagOf(value, "type"), undefined);
});

wire.run();
