import { mkdirSync, realpathSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { compilePolicy } from "../../src/policy/index.js";
import { temporaryProject } from "./policies.js";

const project = temporaryProject();
const { root, cwd } = project;
const at = (path: string): string => join(cwd, path);
mkdirSync(join(root, "outside"));

const anyTree = suite("path spellings: any tree");

anyTree("a path rule allows nothing whose real place is elsewhere", async () => {
  const names = ["a", "b", "..", ".", "link", "up", "abs", "new"];
  const pool = fc.constantFrom(...names);
  const target = fc.oneof(
    fc
      .array(fc.constantFrom("a", "b", "..", "link", "up"), { minLength: 1, maxLength: 4 })
      .map((path) => path.join("/")),
    fc.constantFrom("/", root, join(root, "outside"), join(cwd, "tree"), join(cwd, "tree/a")),
  );
  const place = fc.constantFrom("", "a/", "b/", "a/a/", "a/b/");
  const linksOf = fc.array(fc.tuple(place, fc.constantFrom("link", "up", "abs"), target), { maxLength: 6 });
  const base = at("tree");
  const policy = compilePolicy({ rules: [{ allow: "Edit(./tree/**)" }] }, project);
  let allowed = 0;
  await fc.assert(
    fc.asyncProperty(linksOf, fc.array(pool, { minLength: 1, maxLength: 6 }), async (made, path) => {
      rmSync(base, { recursive: true, force: true });
      for (const folder of ["a/a", "a/b", "b"]) mkdirSync(join(base, folder), { recursive: true });
      for (const [folder, name, to] of made) {
        rmSync(join(base, folder, name), { force: true });
        symlinkSync(to, join(base, folder, name));
      }
      const file_path = `${base}/${path.join("/")}`;
      const { behavior } = await policy.decide({ tool_name: "Write", input: { file_path, content: "" } });
      if (behavior !== "allow") return;
      allowed += 1;
      for (const spelling of [file_path, join(file_path)]) {
        const real = realPlace(spelling);
        assert.not.match(
          relative(base, real),
          /^\.\.|^$/,
          `${file_path} is ${real}; ${JSON.stringify(made)}`,
        );
      }
    }),
    { numRuns: 400, seed: 7 },
  );
  assert.ok(allowed > 40, `only ${allowed} were allowed`);
});

/** Where the kernel would make the file: the parent resolved by the system, one level after the other. */
function realPlace(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(realPlace(parent), path.slice(parent.length));
  }
}

anyTree("a directory that becomes a link between two decisions is looked at again", async () => {
  rmSync(at("tree"), { recursive: true, force: true });
  mkdirSync(at("tree/a"), { recursive: true });
  const policy = compilePolicy({ rules: [{ allow: "Edit(./tree/**)" }] }, project);
  const request = { tool_name: "Write", input: { file_path: at("tree/a/x"), content: "" } };
  assert.is((await policy.decide(request)).behavior, "allow");
  renameSync(at("tree/a"), at("tree/b"));
  symlinkSync(join(root, "outside"), at("tree/a"));
  assert.is((await policy.decide(request)).behavior, "deny");
});

anyTree.after(project.remove);
anyTree.run();
