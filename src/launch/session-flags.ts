import { InvalidArgumentError } from "../errors.js";
import { BuilderBase } from "./builder-base.js";
import { checkText, isUuid } from "./flag-value.js";

/** Which conversation to run: new, resumed, forked. */
export abstract class SessionFlags extends BuilderBase {
  /**
   * The id for the new session. Default: a random UUID per `build()`.
   * @throws InvalidArgumentError if it is no UUID. `build()` also refuses it beside `resume` or
   * `continueConversation` without `forkSession`, as the CLI does.
   */
  sessionId(uuid: string): this {
    if (!isUuid(checkText("sessionId", uuid))) {
      throw new InvalidArgumentError(
        `sessionId ${JSON.stringify(uuid)} is no UUID; make one with crypto.randomUUID().`,
      );
    }
    return this.withValue("session-id", uuid);
  }

  /** Continues the latest conversation of the working directory. */
  continueConversation(enabled = true): this {
    return this.withSwitch("continue", enabled);
  }

  /** Resumes a session by its id (upper and lower case differ) or by its title. */
  resume(session: string): this {
    return this.withValue("resume", checkText("resume", session));
  }

  /** Forgets what was said of which conversation to run: resumes this session, or begins a new one. */
  resumeInstead(session: string | undefined): this {
    const flags = [
      "resume",
      "session-id",
      "continue",
      "fork-session",
      "resume-session-at",
      "resume-drops-turn",
      "from-pr",
      "teleport",
    ] as const;
    const fresh = flags.reduce<this>((builder, flag) => builder.withFlag(flag, undefined), this);
    return session === undefined ? fresh : fresh.resume(session);
  }

  /** With `resume` or `continueConversation`: the history goes on under a new session id. */
  forkSession(enabled = true): this {
    return this.withSwitch("fork-session", enabled);
  }

  /** Short for `resume(session).forkSession()`. */
  forkFrom(session: string): this {
    return this.resume(session).forkSession();
  }

  /** With `resume`: leaves out everything after this message. */
  resumeSessionAt(messageUuid: string): this {
    return this.withValue("resume-session-at", checkText("resumeSessionAt", messageUuid));
  }

  /** With `resumeSessionAt`: the only turn that may be left out; the CLI refuses to drop another. */
  resumeDropsTurn(messageUuid: string): this {
    return this.withValue("resume-drops-turn", checkText("resumeDropsTurn", messageUuid));
  }

  /** Resumes the session that belongs to a pull request, by its number or URL. */
  fromPr(pullRequest: string | number | boolean = true): this {
    return this.withOptional("from-pr", typeof pullRequest === "number" ? String(pullRequest) : pullRequest);
  }

  /** Brings a cloud session here, by its id. Needs a sign-in to claude.ai. */
  teleport(session: string): this {
    return this.withValue("teleport", checkText("teleport", session));
  }

  /** A display name for the session. */
  name(name: string): this {
    return this.withValue("name", checkText("name", name));
  }

  /** Runs the session in a new git worktree of the working directory, with this name or one that the CLI makes. */
  worktree(name: string | boolean = true): this {
    return this.withOptional("worktree", name);
  }

  /** Writes no transcript: the session cannot be resumed. */
  noSessionPersistence(enabled = true): this {
    return this.withSwitch("no-session-persistence", enabled);
  }

  /** Repeats the transcript on stdout as `transcript_mirror` frames, which can outweigh all others. */
  sessionMirror(enabled = true): this {
    return this.withSwitch("session-mirror", enabled);
  }
}
