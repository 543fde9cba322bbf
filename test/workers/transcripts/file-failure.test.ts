import { open, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { AbortError, SessionFileError } from "../../../src/errors.js";
import { onFile, unlessMissing } from "../../../workers/transcripts/file-failure.js";
import { rejects } from "../../support/rejects.js";

const failure = suite("failures of files");

failure("have the system's code, the file and advice", async () => {
  const error = await rejects<SessionFileError>(onFile("/a/b", readFile(tmpdir())));
  assert.instance(error, SessionFileError);
  assert.equal([error.file, error.errno], ["/a/b", "EISDIR"]);
  assert.match(error.message, "/a/b");
  assert.match(error.message, "A folder stands in its place");
});

failure("other errors stay what they are", async () => {
  for (const other of [new AbortError("stopped"), new TypeError("a mistake")]) {
    assert.is(await rejects(onFile("/a/b", Promise.reject(other))), other);
    assert.is(await rejects(unlessMissing("/a/b", Promise.reject(other))), other);
  }
});

failure("a missing file, or folder above it, is none where it need not be there", async () => {
  assert.is(await unlessMissing("/nowhere/a", open("/nowhere/a")), undefined);
  assert.is(await unlessMissing(`${process.execPath}/a`, open(`${process.execPath}/a`)), undefined);
  assert.is((await rejects<SessionFileError>(onFile("/nowhere/a", open("/nowhere/a")))).errno, "ENOENT");
});

failure.run();
