import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import { API } from "typescript/unstable/sync";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { findViolations } from "./support/layers.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
function readSources(): Record<string, string> {
  const paths = ["src", "workers"].flatMap((folder) =>
    readdirSync(`${ROOT}${folder}`, { recursive: true, encoding: "utf8" })
      .map((path) => posix.join(folder, path.replaceAll("\\", "/")))
      .filter((path) => path.endsWith(".ts")),
  );
  return Object.fromEntries(paths.map((path) => [path, readFileSync(`${ROOT}${path}`, "utf8")]));
}

/** Compiles the protocol as a browser's project does: with the DOM's types, without Node's. */
function browserErrors(protocol: Readonly<Record<string, string>> = {}): string[] {
  const config = {
    extends: "./tsconfig.json",
    compilerOptions: { types: [], lib: ["ES2023", "DOM"], noEmit: true },
    include: ["src/protocol"],
    files: Object.keys(protocol),
  };
  const added: Record<string, string> = { "browser.tsconfig.json": JSON.stringify(config), ...protocol };
  const find = (path: string) => added[posix.relative(ROOT.replaceAll("\\", "/"), path)];
  const api = new API({
    cwd: ROOT,
    fs: { readFile: find, fileExists: (path) => (find(path) ? true : undefined) },
  });
  try {
    const configPath = `${ROOT}browser.tsconfig.json`;
    const project = api.updateSnapshot({ openProject: configPath }).getProject(configPath);
    assert.ok(project && project.rootFiles.length > 0, "nothing was compiled");
    const found = [...project.program.getSyntacticDiagnostics(), ...project.program.getSemanticDiagnostics()];
    return found.map(({ fileName, text }) => `${posix.relative(ROOT, fileName ?? "")}: ${text}`);
  } finally {
    api.close();
  }
}

const layers = suite("layers");

layers("src/ and workers/ keep to their layers", () => {
  const manifest = JSON.parse(readFileSync(`${ROOT}package.json`, "utf8"));
  const sources = readSources();
  assert.ok(Object.keys(sources).length > 0);
  assert.equal(findViolations(sources, Object.keys(manifest.dependencies)), []);
});

layers("the protocol compiles for a browser", () => {
  const errors = browserErrors();
  assert.equal(errors, [], "the protocol, and all that it imports, must do without Node's globals and types");
});

layers("a Node global in the protocol would be seen", () => {
  const errors = browserErrors({ "src/protocol/fixture.ts": "export const size = Buffer.byteLength('x');" });
  assert.match(errors.join("\n"), /^src\/protocol\/fixture\.ts: .*'Buffer'/m);
});

const DEPENDENCIES = ["comlink", "execa", "piscina", "valibot", "which"];
const OK = "export {};";

/** Sources of a small package, and what must be said of them: nothing, when the rules are kept. */
const rows: [title: string, sources: Record<string, string>, violations: RegExp[]][] = [
  [
    "lower layers, itself, declared packages and built-ins",
    {
      "src/pool/a.ts": 'import "./b.js"; import "../channel/c.js"; import "../errors.js"; import "piscina";',
      "src/launch/d.ts": 'import { spawn } from "node:child_process"; import which from "which";',
      "workers/e.ts":
        'import type { D } from "../src/launch/d.js"; const c = await import("execa"); import "./f.js";',
    },
    [],
  ],
  [
    "a higher layer",
    { "src/errors.ts": 'import "./options.js";' },
    [/^src\/errors\.ts:1 imports .* only nothing; move/],
  ],
  [
    "a higher layer's type",
    { "src/pool/a.ts": '\nimport type { A } from "../client/a.js";' },
    [/^src\/pool\/a\.ts:2 .*client/],
  ],
  [
    "a higher layer by re-export",
    { "src/channel/a.ts": 'export * from "../pool/b.js";' },
    [/channel may not import pool/],
  ],
  [
    "a higher layer by import()",
    { "src/channel/a.ts": 'export const a = () => import("../pool/b.js");' },
    [/import pool/],
  ],
  [
    "a higher layer by import type",
    { "src/channel/a.ts": 'export type A = import("../pool/b.js").B;' },
    [/import pool/],
  ],
  [
    "the public surface from below",
    { "src/client/a.ts": 'import "../index.js";' },
    [/client may not import index/],
  ],
  [
    "src to workers",
    { "src/pool/a.ts": 'import "../../workers/session.js";' },
    [/may not import workers\/session\.ts/],
  ],
  [
    "src to bench and test",
    { "src/pool/a.ts": 'import "../../bench/a.js"; import "../../test/b.js";' },
    [/bench/, /test/],
  ],
  [
    "a value where types are allowed",
    { "workers/a.ts": 'import { a } from "../src/launch/a.js";' },
    [/"import type"/],
  ],
  [
    "a type that still loads",
    { "workers/a.ts": 'import { type A } from "../src/launch/a.js";' },
    [/"import type"/],
  ],
  [
    "built-ins in a pure layer",
    { "src/protocol/a.ts": 'import "node:fs"; import "path";' },
    [/pure/, /pure/],
  ],
  ["piscina outside the pool", { "src/client/a.ts": 'import "piscina";' }, [/client may not import piscina/]],
  [
    "comlink outside its layers",
    { "src/client/a.ts": 'import "comlink";' },
    [/client may not import comlink/],
  ],
  [
    "an undeclared package",
    { "src/command/a.ts": 'import "commander";' },
    [/commander is not in the "dependencies"/],
  ],
  [
    "a part of a scoped package",
    { "workers/a.ts": 'import "@x/y/z";' },
    [/import @x\/y,/, /@x\/y is not in/],
  ],
  ["an unknown folder", { "src/misc/a.ts": OK, "src/pool/b.ts": OK }, [/^src\/misc\/a\.ts belongs to no/]],
  ["an unknown file at the top", { "src/misc.ts": OK }, [/^src\/misc\.ts belongs to no/]],
  ["workers within src", { "src/workers/a.ts": OK }, [/^src\/workers\/a\.ts belongs to no/]],
  [
    "a circle",
    {
      "src/pool/a.ts": 'import "./b.js";',
      "src/pool/b.ts": 'export { x } from "./c.js";',
      "src/pool/c.ts": 'import "./a.js";',
    },
    [/^src\/pool\/a\.ts -> src\/pool\/b\.ts -> src\/pool\/c\.ts -> src\/pool\/a\.ts is a circle/],
  ],
  [
    "a file that imports itself",
    { "src/pool/a.ts": 'import "./a.js";' },
    [/a\.ts -> src\/pool\/a\.ts is a circle/],
  ],
  [
    "a circle of types",
    { "src/pool/a.ts": 'import "./b.js";', "src/pool/b.ts": 'import type { A } from "./a.js";' },
    [],
  ],
];
for (const [title, sources, violations] of rows) {
  layers(`judges ${title}`, () => {
    const found = findViolations(sources, DEPENDENCIES);
    assert.is(found.length, violations.length, found.join("\n"));
    for (const [index, expected] of violations.entries()) assert.match(found[index] ?? "", expected);
  });
}

layers.run();
