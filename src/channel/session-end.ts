import { ConnectionClosedError, type ExitStatus } from "../errors.js";

/** How a session ended. */
export interface SessionEnd extends ExitStatus {
  /** The last of what the child wrote to stderr, as evidence. */
  readonly stderrTail: string;
  /** What it wrote there and nobody has read. */
  readonly stderrUnread: string;
  /** It had closed its stdout while it ran on, and was ended for that. */
  readonly silenced?: true;
}

/** The error for whoever still wants something from a child that is gone. */
export function closedError(end: SessionEnd): ConnectionClosedError {
  const how =
    end.signal !== null
      ? `was ended by ${end.signal}`
      : end.exitCode !== null
        ? `exited with code ${end.exitCode}`
        : "has ended, nobody knows how";
  const why = end.silenced === true ? " because it had closed its stdout and ran on" : "";
  const tail = end.stderrTail.trim();
  const said = tail === "" ? "" : ` Its last words on stderr: ${tail}`;
  return new ConnectionClosedError(
    `The CLI process ${how}${why}; nothing more can be sent or received.${said}`,
    end,
  );
}
