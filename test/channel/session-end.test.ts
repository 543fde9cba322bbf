import { suite } from "uvu";
import * as assert from "uvu/assert";
import { closedError, type SessionEnd } from "../../src/channel/session-end.js";

const ends = suite("session end");

const rows: readonly (readonly [end: Omit<SessionEnd, "stderrUnread">, says: RegExp])[] = [
  [{ exitCode: 0, signal: null, stderrTail: "" }, /exited with code 0; nothing more/],
  [{ exitCode: 143, signal: null, stderrTail: "" }, /exited with code 143/],
  [{ exitCode: null, signal: "SIGKILL", stderrTail: "" }, /was ended by SIGKILL/],
  [{ exitCode: 1, signal: null, stderrTail: "  no such model\n" }, /stderr: no such model$/],
];
for (const [end, says] of rows) {
  ends(`${JSON.stringify(end)} as an error`, () => {
    const error = closedError({ ...end, stderrUnread: "still unread" });
    assert.is(error.code, "CONNECTION_CLOSED");
    assert.match(error.message, says);
    assert.equal({ ...error }, { code: "CONNECTION_CLOSED", ...end }, "the tail is kept as it was");
  });
}

ends("says nothing of a stderr that was silent, or blank", () => {
  for (const stderrTail of ["", " \n\t"]) {
    assert.not.match(
      closedError({ exitCode: 0, signal: null, stderrTail, stderrUnread: "" }).message,
      "stderr",
    );
  }
});

ends("an end of which nothing is known does not claim an exit code", () => {
  assert.not.match(
    closedError({ exitCode: null, signal: null, stderrTail: "", stderrUnread: "" }).message,
    "null",
  );
});

ends.run();
