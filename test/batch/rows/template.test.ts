import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parseTemplate } from "../../../src/batch/rows/template.js";

const templates = suite("templates");

templates("name their columns once, and are filled as they are", () => {
  const { columns, fill } = parseTemplate("{{a}} {{ b c }} {{a}} {x} {{{a}}}");
  assert.equal(columns, ["a", "b c"]);
  assert.is(
    fill((column) => `<${column}$1{{b}}>`),
    "<a$1{{b}}> <b c$1{{b}}> <a$1{{b}}> {x} {<a$1{{b}}>}",
  );
});

for (const text of ["no place", "{{}}", "a {{ }} {{b}}", "{a}"]) {
  templates(`refuses ${JSON.stringify(text)}`, () => {
    assert.throws(
      () => parseTemplate(text),
      (error: { code?: string }) => error.code === "INVALID_ARGUMENT",
    );
  });
}

templates.run();
