/**
 * What a user's program loads, bundled. Loading execa's hundred files took a cold worker thread 75 ms and our own
 * fifty took the main thread 55 ms, both before the child could be started; bundled it is 15 and 5 ms. With the packages
 * of the main thread in it as well, of which a tenth is used, the import takes 70 ms instead of 94 on a slow machine; a
 * worker that loads only what starts the child, and the rest while the CLI boots, is there 27 ms sooner.
 */

import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";

const shared = {
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  logLevel: "warning",
  metafile: true,
  // Some packages are CommonJS.
  banner: {
    js: 'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);',
  },
};

// Chunks are named by their content: old ones would stay.
for (const folder of ["dist/lib", "dist/workers/shared"]) await rm(folder, { recursive: true, force: true });

// One chunk for what entries share, so that an error class is the same whichever entry it came through. Code that
// finds a file beside itself must stay as deep below dist/ as in src/: hence main/index, not index.
const main = await build({
  ...shared,
  entryPoints: {
    "main/index": "src/index.ts",
    "protocol/index": "src/protocol/index.ts",
    "mcp/index": "src/mcp/index.ts",
    "testing/index": "src/testing/index.ts",
    "testing/scripted-cli-program": "src/testing/scripted-cli-program.ts",
  },
  outdir: "dist/lib",
  chunkNames: "shared/[name]-[hash]",
  // It finds its own worker's file beside itself.
  external: ["piscina"],
});
await writeNotices("dist/lib", main);

const workers = await build({
  ...shared,
  entryPoints: ["workers/session.ts", "workers/transcripts.ts"],
  outdir: "dist/workers",
  chunkNames: "shared/[name]-[hash]",
  allowOverwrite: true,
});
await writeNotices("dist/workers", workers);

/** The notices of the packages whose code is in a folder's files. */
async function writeNotices(folder, { metafile }) {
  const packages = new Set(
    Object.keys(metafile.inputs).map((path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]),
  );
  packages.delete(undefined);
  const notices = await Promise.all([...packages].sort().map(notice));
  await writeFile(
    join(folder, "THIRD-PARTY-LICENSES.txt"),
    `The files of this folder contain code of these packages.\n\n${notices.join("\n")}`,
  );
}

async function notice(folder) {
  const { name, version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? "" : await readFile(join(folder, file), "utf8");
  return `${"-".repeat(80)}\n${name} ${version} (${license})\n\n${text.trim()}\n`;
}
