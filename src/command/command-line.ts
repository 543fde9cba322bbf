import { basename, relative } from "node:path";

/** The command line of this process, to be typed again. */
export interface TypedCommand {
  readonly argv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
}

/** The command as it was called, with flags added that it does not have yet. */
export function commandLine({ argv, env, cwd }: TypedCommand, ...added: readonly string[]): string {
  const [, program = "", ...args] = argv;
  const more = added.filter((flag) => !args.includes(flag));
  return [...called(program, env, cwd), ...[...args, ...more].map(quoted)].join(" ");
}

function called(program: string, env: NodeJS.ProcessEnv, cwd: string): string[] {
  if (basename(program).endsWith(".js")) {
    const path = relative(cwd, program);
    return ["node", quoted(path.startsWith("..") ? program : path)];
  }
  return env.npm_command === "exec" ? ["npx", "claude-offthread"] : ["claude-offthread"];
}

/** An argument as a POSIX shell reads it back. */
function quoted(argument: string): string {
  if (/^[\w@%+=:,./-]+$/.test(argument)) return argument;
  return `'${argument.replaceAll("'", "'\\''")}'`;
}
