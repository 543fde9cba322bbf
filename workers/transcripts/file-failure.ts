/** What the file system refuses, as errors of this package. */

import { isClaudeError, SessionFileError } from "../../src/errors.js";

/** The system's code of an error, for example `ENOENT`. */
export function errnoOf(error: unknown): string | undefined {
  const code: unknown = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
}

/** True when the file, or a folder above it, does not exist. */
export function isMissing(error: unknown): boolean {
  const errno = errnoOf(error);
  return errno === "ENOENT" || errno === "ENOTDIR";
}

/** @throws SessionFileError when the operation fails. */
export async function onFile<T>(file: string, operation: Promise<T>): Promise<T> {
  try {
    return await operation;
  } catch (error) {
    throw fileError(file, error);
  }
}

/** As {@link onFile}, but undefined when there is no such file. */
export async function unlessMissing<T>(file: string, operation: Promise<T>): Promise<T | undefined> {
  try {
    return await operation;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw fileError(file, error);
  }
}

function fileError(file: string, error: unknown): unknown {
  // Errors of our own have a code as well.
  const errno = isClaudeError(error) ? undefined : errnoOf(error);
  if (errno === undefined) return error;
  return new SessionFileError(
    `${file} cannot be used (${errno}). ${ADVICE[errno] ?? "See the system's code."}`,
    {
      file,
      errno,
    },
  );
}

const ADVICE: Readonly<Record<string, string>> = {
  EACCES: "This process needs permission to read and write it.",
  EPERM: "This process needs permission to change it.",
  EISDIR: "A folder stands in its place: move it away.",
  ENOSPC: "The disk is full.",
  EROFS: "The file system is read-only.",
  ELOOP: "Its symbolic links lead in a circle.",
  EMFILE: "This process has too many files open.",
};
