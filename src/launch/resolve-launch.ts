import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { SpawnError } from "../errors.js";
import { errnoOf, interpreterOf, obstacleTo } from "./executable.js";
import { findClaude } from "./find-claude.js";
import { checkLaunchSpec, type LaunchSpec, makeLaunchSpec } from "./launch-spec.js";

/**
 * The same launch with an absolute command and working directory, both checked.
 *
 * `claude` is found as `findClaude` does, any other name on the PATH of the launch's own environment.
 *
 * @throws InvalidArgumentError for a malformed spec; SpawnError when the working directory cannot be used (a bare
 * spawn would blame the command for that), the command cannot be executed, or it is a script whose interpreter cannot
 * be; BinaryNotFoundError.
 */
export async function resolveLaunch(spec: LaunchSpec): Promise<LaunchSpec> {
  checkLaunchSpec(spec);
  const cwd = spec.cwd === undefined ? undefined : await workingDirectory(spec.cwd, spec.command);
  const { path } = await findClaude({ command: spec.command, env: spec.env, cwd });
  await checkInterpreter(path);
  return makeLaunchSpec({ ...spec, command: path, ...(cwd === undefined ? {} : { cwd }) });
}

/** Where another program starts the command, the system's own refusal comes too late: that program has started. */
async function checkInterpreter(command: string): Promise<void> {
  const interpreter = await interpreterOf(command);
  const obstacle = interpreter === undefined ? undefined : await obstacleTo(interpreter);
  if (obstacle === undefined) return;
  throw new SpawnError(
    `${command} cannot be started: its first line names the interpreter ${interpreter}, which ${obstacle.reason}. ` +
      "Install that, or correct the line.",
    { command, errno: obstacle.errno },
  );
}

async function workingDirectory(directory: string, command: string): Promise<string> {
  const path = resolve(directory);
  const refuse = (errno: string, reason: string) =>
    new SpawnError(`The working directory ${path} ${reason}; create it, or choose another.`, {
      command,
      errno,
    });
  try {
    if (!(await stat(path)).isDirectory()) throw refuse("ENOTDIR", "is not a directory");
    await access(path, constants.X_OK);
    return path;
  } catch (error) {
    if (error instanceof SpawnError) throw error;
    const errno = errnoOf(error);
    throw refuse(errno, errno === "ENOENT" ? "does not exist" : `cannot be entered (${errno})`);
  }
}
