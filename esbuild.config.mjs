/**
 * What a user's program loads, bundled. Loading execa's hundred files took a cold worker thread 75 ms and our own
 * fifty took the main thread 55 ms, both before the child could be started; bundled it is 15 and 5 ms.
 */

import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";

const shared = { bundle: true, format: "esm", platform: "node", target: "node20", logLevel: "warning" };

// Chunks are named by their content: old ones would stay.
await rm("dist/lib", { recursive: true, force: true });

// One chunk for what entries share, so that an error class is the same whichever entry it came through. Code that
// finds a file beside itself must stay as deep below dist/ as in src/: hence main/index, not index.
await build({
  ...shared,
  entryPoints: {
    "main/index": "src/index.ts",
    "protocol/index": "src/protocol/index.ts",
    "mcp/index": "src/mcp/index.ts",
    "testing/index": "src/testing/index.ts",
    "testing/scripted-cli-program": "src/testing/scripted-cli-program.ts",
  },
  outdir: "dist/lib",
  splitting: true,
  chunkNames: "shared/[name]-[hash]",
  packages: "external",
});

const workers = await build({
  ...shared,
  entryPoints: ["workers/session.ts", "workers/transcripts.ts"],
  outdir: "dist/workers",
  allowOverwrite: true,
  metafile: true,
  // Some of what execa needs is CommonJS.
  banner: {
    js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
  },
});
await writeFile(
  "dist/workers/THIRD-PARTY-LICENSES.txt",
  await licences(Object.keys(workers.metafile.inputs)),
);

/** The notices of the packages whose code is in the workers' files. */
async function licences(inputs) {
  const folders = new Set(inputs.map((path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]));
  folders.delete(undefined);
  const notices = await Promise.all([...folders].sort().map(notice));
  return `session.js and transcripts.js contain code of these packages.\n\n${notices.join("\n")}`;
}

async function notice(folder) {
  const { name, version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? "" : await readFile(join(folder, file), "utf8");
  return `${"-".repeat(80)}\n${name} ${version} (${license})\n\n${text.trim()}\n`;
}
