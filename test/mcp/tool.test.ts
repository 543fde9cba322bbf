import type { StandardSchemaV1 } from "@standard-schema/spec";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as v from "valibot";
import { InvalidArgumentError } from "../../src/errors.js";
import { type McpTool, type ToolExtras, tool } from "../../src/mcp/index.js";

const tools = suite("tool");

const city = v.object({ city: v.string() });
const listed = { properties: { city: { type: "string" } }, required: ["city"] };
const nothing = { type: "object", properties: {}, additionalProperties: false };

/** A schema that is a function, as those of arktype are. */
function callable(): StandardSchemaV1<unknown, { city: string }> {
  return Object.assign(() => {}, {
    "~standard": {
      version: 1,
      vendor: "callable",
      validate: (value: unknown) => ({ value: value as { city: string } }),
      jsonSchema: { input: () => ({ type: "object", ...listed }) },
    },
  } as const);
}

function schemaOf({ listing }: McpTool): object {
  const { $schema: _, ...schema } = listing.inputSchema as Record<string, unknown>;
  return schema;
}

tools("is listed with name, description and the schema of its input", () => {
  const weather = tool("weather", "Tells the weather.", city, ({ city: name }) => name);
  assert.is(weather.listing.name, "weather");
  assert.is(weather.listing.description, "Tells the weather.");
  assert.equal(schemaOf(weather), { type: "object", ...listed });
  assert.equal(Object.keys(weather.listing), ["name", "description", "inputSchema"]);
});

tools("without input it takes an empty object", () => {
  const clock = tool("clock", "Tells the time.", () => "noon", { title: "Clock" });
  assert.equal(clock.listing, {
    name: "clock",
    title: "Clock",
    description: "Tells the time.",
    inputSchema: nothing,
  });
});

tools("a schema that is a function is a schema", () => {
  const weather = tool("weather", "Tells the weather.", callable(), ({ city: name }) => name);
  assert.equal(schemaOf(weather), { type: "object", ...listed });
});

const extras: [title: string, extras: ToolExtras, expected: object][] = [
  ["annotations", { annotations: { readOnlyHint: true } }, { annotations: { readOnlyHint: true } }],
  ["title", { title: "Weather" }, { title: "Weather" }],
  ["search hint", { searchHint: "rain sun" }, { _meta: { "anthropic/searchHint": "rain sun" } }],
  [
    "_meta",
    { _meta: { mine: 1 }, searchHint: "rain" },
    { _meta: { mine: 1, "anthropic/searchHint": "rain" } },
  ],
  [
    "a JSON Schema for its output",
    { outputSchema: { type: "object" } },
    { outputSchema: { type: "object" } },
  ],
  [
    "an input schema of its own",
    { inputSchema: { type: "object", title: "mine" } },
    { inputSchema: { type: "object", title: "mine" } },
  ],
];
for (const [title, given, expected] of extras) {
  tools(`extras: ${title}`, () => {
    const { listing } = tool("weather", "Tells the weather.", city, () => "", given);
    assert.equal({ ...listing, ...expected }, listing);
  });
}

tools("a Standard Schema for the output is listed as JSON Schema", () => {
  const { listing } = tool("weather", "Tells it.", () => "", { outputSchema: city });
  const { $schema: _, ...schema } = listing.outputSchema as Record<string, unknown>;
  assert.equal(schema, { type: "object", ...listed });
});

const mistakes: [title: string, mistake: () => unknown, message: RegExp][] = [
  ["no name", () => tool("", "", () => ""), /^The tool name "" is not one/],
  ["a name with a blank", () => tool("a b", "", () => ""), /"a b"/],
  ["a name of 129 letters", () => tool("a".repeat(129), "", () => ""), /1 to 128/],
  ["no handler", () => tool("a", "", city as never), /The tool "a" has no handler/],
  [
    "no object",
    () => tool("a", "", v.string(), () => ""),
    /input schema of the tool "a" must describe an object/,
  ],
  [
    "an output that is no object",
    () => tool("a", "", () => "", { outputSchema: v.string() }),
    /output schema of the tool "a" must describe an object/,
  ],
  ["an impossible limit", () => tool("a", "", () => "", { timeoutMs: -1 }), /timeoutMs of the tool "a"/],
];
for (const [title, mistake, message] of mistakes) {
  tools(`refused: ${title}`, () => {
    assert.throws(
      mistake,
      (error: unknown) => error instanceof InvalidArgumentError && message.test(error.message),
    );
  });
}

tools("the handler's input is typed by what the schema gives", () => {
  const schema = v.object({ at: v.pipe(v.string(), v.transform(Number)), note: v.optional(v.string()) });
  tool("typed", "", schema, (input, { signal }) => {
    const at: number = input.at;
    const note: string | undefined = input.note;
    // @ts-expect-error: it has no such field
    void input.other;
    return signal.aborted ? undefined : `${at}${note}`;
  });
  // @ts-expect-error: a number is no result
  tool("untyped", "", schema, () => 1);
});

tools.run();
