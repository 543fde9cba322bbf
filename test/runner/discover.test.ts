import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { discover } from "./discover.js";

const discovery = suite("discover", { root: "" });

discovery.before((context) => {
  context.root = mkdtempSync(join(tmpdir(), "discover-"));
  const paths = [
    "test/b.test.ts",
    "test/deep/er/a.test.ts",
    "test/load.serial.test.ts",
    "test/support/helper.ts",
    "dist/test/b.test.js",
    "dist/test/load.serial.test.js",
    "dist/test/gone.test.js",
    "dist/test/support/helper.js",
  ];
  for (const path of paths) {
    const file = join(context.root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, "");
  }
});
discovery.after(({ root }) => rmSync(root, { recursive: true }));

const rows: [title: string, filters: string[], names: string[]][] = [
  ["takes every source without a filter", [], ["b", "deep/er/a", "load.serial"]],
  ["selects by a part of the source's path", ["er/a"], ["deep/er/a"]],
  ["selects by the compiled path", ["dist/test/b.test.js"], ["b"]],
  ["selects what any filter matches", ["deep", "load"], ["deep/er/a", "load.serial"]],
  ["may select nothing", ["nowhere"], []],
];
for (const [title, filters, names] of rows) {
  discovery(title, ({ root }) => {
    const { files } = discover(root, filters);
    assert.equal(
      files.map((file) => file.name),
      names,
    );
  });
}

discovery("knows the compiled file, and which run alone", ({ root }) => {
  const [deep, load] = discover(root, ["deep", "load"]).files;
  assert.equal(deep, {
    name: "deep/er/a",
    source: "test/deep/er/a.test.ts",
    compiled: "dist/test/deep/er/a.test.js",
    serial: false,
  });
  assert.is(load?.serial, true);
});

discovery("tells compiled tests without a source, whatever the filter", ({ root }) => {
  assert.equal(discover(root, ["deep"]).stale, ["dist/test/gone.test.js"]);
});

discovery("finds nothing where there is no test folder", ({ root }) => {
  assert.equal(discover(join(root, "dist"), []), { files: [], stale: [] });
});

discovery.run();
