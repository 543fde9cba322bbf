import { OutputError } from "../errors.js";

const CAUSES: Readonly<Record<string, string>> = {
  ENOSPC: "The disk is full",
  EDQUOT: "The quota of the disk is used up",
  EFBIG: "The file would be larger than is allowed (see ulimit -f)",
  EACCES: "The permission is missing",
  EPERM: "The permission is missing",
  EROFS: "The file system is read-only",
  EISDIR: "It is a folder",
  ENOENT: "Its folder does not exist",
};

/** A system's failure on a file of results, in words. */
export function outputFailure(file: string, error: unknown): OutputError {
  if (error instanceof OutputError) return error;
  const errno =
    error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
  const told = error instanceof Error ? error.message : String(error);
  const cause = (errno === undefined ? undefined : CAUSES[errno]) ?? told;
  return new OutputError(`${file} cannot be written. ${cause}${errno === undefined ? "" : ` (${errno})`}.`, {
    file,
    errno,
  });
}
