import { existsSync, readdirSync } from "node:fs";
import { join, sep } from "node:path";

/** One test file: what was written, and what is run. Paths are relative to the package and use `/`. */
export interface TestFile {
  /** Short name for progress lines: the path below `test/`, without `.test.ts`. */
  readonly name: string;
  /** `test/launch/flags.test.ts`. */
  readonly source: string;
  /** `dist/test/launch/flags.test.js`. */
  readonly compiled: string;
  /** True for `*.serial.test.ts`: heavy or timing sensitive, so it runs with nothing beside it. */
  readonly serial: boolean;
}

/** The test files of a package. */
export interface Discovery {
  /** Every test source that a filter selects, sorted by name; its compiled file may be missing. */
  readonly files: readonly TestFile[];
  /** Compiled tests whose source is gone. The compiler leaves them behind; they are not run. */
  readonly stale: readonly string[];
}

/**
 * Finds the tests by their sources, so that a test the compiler has not emitted is noticed and the output
 * of a deleted one is not run.
 *
 * @param filters parts of a path; a file is selected when it contains any of them. None selects all.
 */
export function discover(root: string, filters: readonly string[]): Discovery {
  const files = list(join(root, "test"), ".test.ts").map(describeTest);
  const known = new Set(files.map((file) => file.compiled));
  const wanted = (file: TestFile) =>
    filters.length === 0 ||
    filters.some((part) => file.source.includes(part) || file.compiled.includes(part));
  return {
    files: files.filter(wanted),
    stale: list(join(root, "dist", "test"), ".test.js")
      .map((path) => `dist/test/${path}`)
      .filter((path) => !known.has(path)),
  };
}

function describeTest(path: string): TestFile {
  const stem = path.slice(0, -".ts".length);
  return {
    name: path.slice(0, -".test.ts".length),
    source: `test/${path}`,
    compiled: `dist/test/${stem}.js`,
    serial: path.endsWith(".serial.test.ts"),
  };
}

function list(folder: string, ending: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(ending))
    .map((path) => path.split(sep).join("/"))
    .sort();
}
