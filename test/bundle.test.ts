/** The bundles that users load say the same as the modules that the other tests load. */

import { readFileSync } from "node:fs";
import { suite } from "uvu";
import * as assert from "uvu/assert";

const bundle = suite("bundle");
const dist = new URL("../", import.meta.url);

for (const [name, source] of [
  ["main", "index"],
  ["protocol", "protocol/index"],
  ["mcp", "mcp/index"],
  ["testing", "testing/index"],
] as const) {
  bundle(`${name} exports what its sources export`, async () => {
    const [bundled, modules] = await Promise.all([
      import(new URL(`lib/${name}/index.js`, dist).href),
      import(new URL(`src/${source}.js`, dist).href),
    ]);
    assert.equal(Object.keys(bundled), Object.keys(modules));
  });
}

bundle("an error class is the same through every entry", async () => {
  const { InvalidArgumentError } = await import("claude-offthread");
  const { imageBlock } = await import("claude-offthread/protocol");
  const { scriptedCli } = await import("claude-offthread/testing");
  const mistakes = [
    () => imageBlock({ mediaType: "image/tiff", data: "" } as never),
    () => scriptedCli([], { lifetimeMs: -1 }),
  ];
  for (const mistake of mistakes)
    assert.throws(mistake, (error: unknown) => error instanceof InvalidArgumentError);
});

bundle("the worker's notices name the packages in it", () => {
  const notices = readFileSync(new URL("workers/THIRD-PARTY-LICENSES.txt", dist), "utf8");
  for (const name of ["execa", "comlink", "valibot"]) assert.match(notices, new RegExp(`^${name} \\d`, "m"));
});

bundle.run();
