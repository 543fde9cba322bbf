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

for (const [folder, packages] of [
  ["workers", ["execa", "comlink", "valibot"]],
  ["lib", ["comlink", "valibot", "which", "p-retry"]],
] as const) {
  bundle(`the notices of ${folder} name the packages in it`, () => {
    const notices = readFileSync(new URL(`${folder}/THIRD-PARTY-LICENSES.txt`, dist), "utf8");
    for (const name of packages) assert.match(notices, new RegExp(`^${name} \\d`, "m"));
  });
}

bundle("the worker loads no more than it needs before it starts the child", () => {
  // Loaded before that, the rest would delay it by 27 ms.
  const source = readFileSync(new URL("workers/session.js", dist), "utf8");
  assert.ok(source.length < 16 * 1024, `${source.length} bytes`);
});

bundle.run();
