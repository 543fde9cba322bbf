import { stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { obstacleTo } from "./executable.js";

/** Published packages that bring the CLI; each has one more package per platform, which holds the binary. */
const CARRIERS = ["@anthropic-ai/claude-agent-sdk", "@anthropic-ai/claude-code"] as const;

/** The CLI that is installed as a package, and what was looked for. */
export interface PackageSearch {
  readonly path: string | undefined;
  readonly searched: readonly string[];
}

/**
 * Looks for the CLI's binary among the packages that a module in one of the places (files or directories with a
 * trailing separator) could import. Earlier places win.
 */
export async function findInPackages(places: readonly string[]): Promise<PackageSearch> {
  const searched: string[] = [];
  for (const place of places) {
    for (const carrier of CARRIERS) {
      // A strict package manager shows the platform package to its carrier alone.
      const resolvers = [place, ...locate(place, [carrier, `${carrier}/package.json`])].map((from) =>
        createRequire(from),
      );
      const builds: Build[] = [];
      for (const libc of libcSuffixes()) {
        const name = `${carrier}-${process.platform}-${process.arch}${libc}`;
        searched.push(`package ${name} (from ${dirname(place)})`);
        const path = await binaryOf(name, resolvers);
        if (path !== undefined) builds.push({ libc, path });
      }
      const build = choose(builds);
      if (build !== undefined) return { path: build.path, searched };
    }
    searched.push(`package @anthropic-ai/claude-code (from ${dirname(place)})`);
    const path = await declaredBinary(place);
    if (path !== undefined) return { path, searched };
  }
  return { path: undefined, searched };
}

interface Build {
  readonly libc: string;
  readonly path: string;
}

function libcSuffixes(): string[] {
  return process.platform === "linux" ? ["", "-musl"] : [""];
}

/** With both Linux builds installed, the one for the C library that Node itself runs on. */
function choose(builds: readonly Build[]): Build | undefined {
  if (builds.length < 2) return builds[0];
  const wanted = isMusl() ? "-musl" : "";
  return builds.find(({ libc }) => libc === wanted);
}

/** True when Node itself runs on musl: its report then names no glibc. */
function isMusl(): boolean {
  // Without this the report looks up the names of network peers, which can take seconds.
  const report: { excludeNetwork?: boolean; getReport(): object } = process.report;
  const before = report.excludeNetwork ?? false;
  report.excludeNetwork = true;
  const { header } = report.getReport() as { header?: { glibcVersionRuntime?: string } };
  report.excludeNetwork = before;
  return header?.glibcVersionRuntime === undefined;
}

async function binaryOf(name: string, resolvers: readonly NodeJS.Require[]): Promise<string | undefined> {
  for (const require of resolvers) {
    const [manifest] = resolveFirst(require, [`${name}/package.json`]);
    if (manifest === undefined) continue;
    const path = join(dirname(manifest), process.platform === "win32" ? "claude.exe" : "claude");
    if ((await obstacleTo(path)) === undefined) return path;
  }
  return undefined;
}

/** The `bin` of the claude-code package, which its install script replaces by the binary. */
async function declaredBinary(place: string): Promise<string | undefined> {
  const [manifest] = locate(place, ["@anthropic-ai/claude-code/package.json"]);
  if (manifest === undefined) return undefined;
  const { bin } = createRequire(place)(manifest) as { bin?: { claude?: unknown } };
  if (typeof bin?.claude !== "string") return undefined;
  const path = join(dirname(manifest), bin.claude);
  if ((await obstacleTo(path)) !== undefined) return undefined;
  // Where install scripts are off, a text of 500 bytes remains in its place that only prints an error.
  return (await stat(path)).size > 4096 ? path : undefined;
}

function locate(place: string, requests: readonly string[]): string[] {
  return resolveFirst(createRequire(place), requests);
}

/** The first request that resolves, as a list of one or none. */
function resolveFirst(require: NodeJS.Require, requests: readonly string[]): string[] {
  for (const request of requests) {
    try {
      return [require.resolve(request)];
    } catch {
      // Not installed, or not exported.
    }
  }
  return [];
}
