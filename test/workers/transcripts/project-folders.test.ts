import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { projectFolders, projectName } from "../../../workers/transcripts/project-folders.js";

const folders = suite<{ root: string }>("project folders");

folders.before((context) => {
  context.root = realpathSync(mkdtempSync(join(tmpdir(), "projects-")));
});
folders.after(({ root }) => rmSync(root, { recursive: true, force: true }));

// The hashes were seen in folders that the CLI has made.
const NAMES: readonly (readonly [directory: string, name: string])[] = [
  ["/srv/my project", "-srv-my-project"],
  ["/a/.b_c@d", "-a--b-c-d"],
  ["/a/äöü", "-a----"],
  ["/a/日本", "-a---"],
  ["/a/😀", "-a---"],
  ["D:\\Code\\App", "D--Code-App"],
  [`/${"x".repeat(199)}`, `-${"x".repeat(199)}`],
  [
    `/tmp/offthread-XTLToJ/work/${"x".repeat(120)}/${"y".repeat(120)}`,
    `-tmp-offthread-XTLToJ-work-${"x".repeat(120)}-${"y".repeat(52)}-94oftm`,
  ],
];

for (const [directory, name] of NAMES) {
  folders(`the name of ${directory.slice(0, 40)}`, () => assert.is(projectName(directory), name));
}

async function namesOf(dir: string | undefined, worktrees: boolean, configDir = "/c"): Promise<string[]> {
  return (await projectFolders({ configDir, dir }, worktrees)).map((path) => basename(path)).sort();
}

folders("a symbolic link is resolved, and a directory that is gone has its name", async ({ root }) => {
  mkdirSync(join(root, "target"));
  symlinkSync(join(root, "target"), join(root, "link"));
  assert.equal(await namesOf(join(root, "link"), false), [projectName(join(root, "target"))]);
  assert.equal(await namesOf(join(root, "gone"), true), [projectName(join(root, "gone"))]);
});

folders("without a directory they are all that there are", async ({ root }) => {
  for (const name of ["-a", "-b"]) mkdirSync(join(root, "config", "projects", name), { recursive: true });
  writeFileSync(join(root, "config", "projects", "file"), "");
  assert.equal(await namesOf(undefined, true, join(root, "config")), ["-a", "-b"]);
  assert.equal(await namesOf(undefined, true, join(root, "nowhere")), []);
});

folders("the worktrees of a repository, from anywhere in it", async ({ root }) => {
  const repository = join(root, "repository");
  mkdirSync(join(repository, "below"), { recursive: true });
  const git = (...args: string[]) => {
    const env = {
      ...{ PATH: process.env.PATH ?? "", HOME: root, GIT_CONFIG_NOSYSTEM: "1" },
      ...{
        GIT_AUTHOR_NAME: "a",
        GIT_AUTHOR_EMAIL: "a@b",
        GIT_COMMITTER_NAME: "a",
        GIT_COMMITTER_EMAIL: "a@b",
      },
    };
    execFileSync("git", args, { cwd: repository, env });
  };
  git("init", "--quiet");
  git("commit", "--quiet", "--allow-empty", "--message", "x");
  git("worktree", "add", "--quiet", "../linked");
  const linked = join(root, "linked");
  const both = [projectName(linked), projectName(repository)].sort();
  assert.equal(await namesOf(repository, true), both);
  assert.equal(await namesOf(linked, true), both);
  assert.equal(await namesOf(linked, false), [projectName(linked)]);
  const below = join(repository, "below");
  assert.equal(await namesOf(below, true), [projectName(below), ...both].sort());
});

folders("broken files of git do no harm", async ({ root }) => {
  const directory = join(root, "broken");
  mkdirSync(directory);
  for (const text of ["", "gitdir: ", "gitdir: /nowhere/at/all", "\0"]) {
    writeFileSync(join(directory, ".git"), text);
    assert.ok((await namesOf(directory, true)).includes(projectName(directory)));
  }
});

folders.run();
