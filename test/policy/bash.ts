import { spawnSync } from "node:child_process";

/**
 * What bash makes of scripts, one list of argument vectors for each: every command that it would start, by its words.
 *
 * Nothing is started: the shell finds no program and has no builtin but those that the harness needs.
 */
export function bashRuns(scripts: readonly string[], cwd: string): string[][][] {
  const harness = String.raw`
    command_not_found_handle() { printf '%s\0' "$@" $'\1' >&3; return 1; }
    builtins=$(enable); builtins=$(printf '%s ' $builtins)
    PATH=/nonexistent
    while IFS= read -r -d '' script; do
      (
        for name in $builtins; do
          case $name in printf|eval|enable|wait|:|return) ;; *) names="$names $name" ;; esac
        done
        enable -n $names
        eval -- "$script"
        wait
      ) </dev/null
      printf '\2\0' >&3
    done`;
  const { output, status, error } = spawnSync("bash", ["--norc", "--noprofile", "-c", harness], {
    cwd,
    env: { PATH: process.env.PATH ?? "", LC_ALL: "C.UTF-8" },
    input: scripts.map((script) => `${script}\0`).join(""),
    stdio: ["pipe", "ignore", "ignore", "pipe"],
    encoding: "utf8",
    timeout: 60_000,
  });
  if (error !== undefined || status !== 0) throw error ?? new Error(`bash ended with ${status}`);
  return splitEnds(String(output[3] ?? "").split("\0"), "\x02").map((run) => splitEnds(run, "\x01"));
}

/** Splits a list at a terminator; what follows the last one is dropped. */
function splitEnds(items: readonly string[], end: string): string[][] {
  const groups: string[][] = [];
  let group: string[] = [];
  for (const item of items) {
    if (item !== end) group.push(item);
    else {
      groups.push(group);
      group = [];
    }
  }
  return groups;
}
