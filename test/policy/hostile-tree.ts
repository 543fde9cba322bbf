import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as assert from "uvu/assert";
import type { PolicyContext, PolicyRule } from "../../src/policy/index.js";
import { decide, temporaryProject } from "./policies.js";

/** One call of a tool. */
export type Case = readonly [tool: string, input: Record<string, unknown>];

/** A project full of links that lead where they should not. */
export interface HostileTree {
  readonly root: string;
  readonly cwd: string;
  readonly home: string;
  readonly remove: () => void;
  /** The absolute path of something in the project, as it is written. */
  readonly at: (path: string) => string;
  /** Asserts what becomes of each call under the rules. */
  readonly expectAll: (
    rules: readonly PolicyRule[],
    cases: readonly Case[],
    behavior: "allow" | "deny" | "ask",
    context?: PolicyContext,
  ) => Promise<void>;
}

/** A call of Read. */
export function read(file_path: unknown): Case {
  return ["Read", { file_path }];
}

/** Makes the tree in a fresh folder. */
export function hostileTree(): HostileTree {
  const project = temporaryProject();
  const { root, cwd, home } = project;

  for (const file of [
    "src/a.ts",
    "src/deep/b.ts",
    "secrets/key",
    "notes.md",
    ".env",
    ".git/config",
    "src/.env",
    "build/x",
  ]) {
    mkdirSync(dirname(join(cwd, file)), { recursive: true });
    writeFileSync(join(cwd, file), "");
  }
  mkdirSync(join(root, "outside"));
  writeFileSync(join(root, "outside", "file"), "");
  writeFileSync(join(home, "id_rsa"), "");
  const links: readonly [string, string][] = [
    ["src/out", join(root, "outside")],
    ["src/up", "../.."],
    ["src/file-out", "../../outside/file"],
    ["src/gone-out", "../../outside/not-there"],
    ["src/chain", "chain-2"],
    ["src/chain-2", "out"],
    ["src/loop", "loop"],
    ["src/within", "deep"],
    ["src/key", "../secrets/key"],
    ["src/home", home],
    ["src/proc", "/proc/self/root"],
    ["hidden", "secrets"],
  ];
  for (const [path, target] of links) symlinkSync(target, join(cwd, path));
  symlinkSync(cwd, join(root, "link-to-project"));

  const at = (path: string): string => `${cwd}/${path}`;
  return {
    ...project,
    at,
    expectAll: async (rules, cases, behavior, context = project) => {
      for (const [tool, input] of cases) {
        const decision = await decide(rules, tool, input, context);
        assert.is(decision.behavior, behavior, `${tool} ${JSON.stringify(input)}: ${decision.reason}`);
      }
    },
  };
}
