import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** Where V8 puts what it has counted, relative to the package. */
const RAW = "coverage/raw";

const FOLDERS = ["src", "workers"] as const;

/**
 * Empties the raw folder and returns what the test processes need in their environment to fill it. Worker
 * threads and child processes inherit it.
 *
 * @throws when the package was compiled without inline source maps, since nothing could then be reported
 */
export function startCoverage(root: string): { NODE_V8_COVERAGE: string } {
  if (!hasSourceMaps(root)) {
    throw new Error("coverage needs a build with source maps: use `npm run coverage`");
  }
  const raw = join(root, RAW);
  rmSync(join(root, "coverage"), { recursive: true, force: true });
  mkdirSync(raw, { recursive: true });
  return { NODE_V8_COVERAGE: raw };
}

/**
 * Prints the coverage of `src/` and `workers/`, files that no test has loaded included, and writes lcov and
 * html reports to `coverage/`. Lines are those of the TypeScript.
 *
 * @returns whether the report could be made
 */
export async function reportCoverage(root: string): Promise<boolean> {
  const c8 = join(dirname(createRequire(import.meta.url).resolve("c8/package.json")), "bin", "c8.js");
  const options = [
    "report",
    `--temp-directory=${RAW}`,
    "--reports-dir=coverage",
    "--reporter=text",
    "--reporter=lcov",
    "--all",
    ...FOLDERS.flatMap((folder) => [`--src=${folder}`, `--include=${folder}/**`]),
    "--exclude=**/*.d.ts",
    "--exclude-after-remap",
    "--merge-async",
  ];
  const report = spawn(process.execPath, [c8, ...options], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
  });
  return await new Promise((resolve) => {
    report.once("error", () => resolve(false));
    report.once("exit", (code) => resolve(code === 0));
  });
}

function hasSourceMaps(root: string): boolean {
  return FOLDERS.map((folder) => join(root, "dist", folder))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: "utf8" }).map((path) => join(folder, path)),
    )
    .some(
      (path) => path.endsWith(".js") && readFileSync(path, "utf8").includes("\n//# sourceMappingURL=data:"),
    );
}
