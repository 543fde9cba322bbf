import { INTERRUPTED_RESULT, initFrame, initializeAnswer, interruptedFrame } from "./cli-frames.js";
import { HostRequests } from "./cli-host.js";
import { isRecord, promptText, readLines } from "./cli-input.js";
import { CliOutput, openStdout } from "./cli-output.js";
import type { CliMode, CliRule, CliScript, CliStep, ControlAnswer } from "./cli-script.js";
import { StepRunner } from "./cli-steps.js";
import { CliTurn, TurnInterrupted } from "./cli-turn.js";

/** Everything that the program is told by its launch spec. */
export interface StandInPlan {
  readonly script: CliScript;
  readonly lifetimeMs: number;
}

/** Control requests that are acknowledged although nothing changes by them. */
const ACKNOWLEDGED = new Set(["set_model", "set_permission_mode", "set_max_thinking_tokens", "mcp_status"]);

const DEFAULT_REPLY: CliStep = {
  do: "steps",
  steps: [{ do: "init" }, { do: "echo" }, { do: "result", fields: {} }],
};

/** The conversation of the stand-in: what it does with lines on stdin, with EOF and with signals. */
export class StandIn {
  readonly #plan: StandInPlan;
  readonly #output = new CliOutput(openStdout());
  readonly #host = new HostRequests(this.#output);
  readonly #modes = new Set<CliMode>();
  readonly #startedAt = performance.now();
  readonly #taken = new Map<CliRule, number>();
  readonly #steps = new StepRunner({
    output: this.#output,
    host: this.#host,
    lifetimeLeft: () => this.#plan.lifetimeMs - (performance.now() - this.#startedAt),
    sessionId: () => this.#sessionId,
    setMode: (mode) => this.#setMode(mode),
  });
  #sessionId: string;
  #turn: CliTurn | undefined;
  #waitingTurns = 0;
  #interruptNext = false;
  #ended = false;
  /** The CLI's exit code at EOF is 1 when its last turn was interrupted. */
  #exitCode = 0;
  /** Turns run one after the other, behind the script's own steps. */
  #work: Promise<void> = Promise.resolve();
  #open = 0;

  constructor(plan: StandInPlan, sessionId: string) {
    this.#plan = plan;
    this.#sessionId = sessionId;
  }

  /** Starts; the process ends by `process.exit`. */
  start(): void {
    process.on("SIGTERM", () => {
      if (!this.#modes.has("ignoreSigterm")) process.exit(143);
    });
    process.on("SIGINT", () => process.exit(0));
    // The host may close its end of stderr; that is no reason to crash.
    process.stderr.on("error", () => {});
    // Whatever the script ignores: a stand-in never outlives its test for long.
    setTimeout(() => {
      process.stderr.write(`scripted claude: ended by its lifetime limit of ${this.#plan.lifetimeMs} ms\n`);
      process.exit(124);
    }, this.#plan.lifetimeMs);
    this.#enqueue(async () => {
      for (const entry of this.#plan.script) {
        if ("do" in entry) await this.#steps.run(entry, undefined);
      }
    });
    readLines(
      process.stdin,
      (line) => this.#take(line),
      () => this.#end(),
    );
  }

  #take(line: string): void {
    if (this.#modes.has("echoStdin"))
      void this.#steps.frame({ type: "system", subtype: "scripted_stdin", line });
    if (this.#modes.has("silence") || line.trim() === "") return;
    let message: unknown;
    try {
      message = JSON.parse(line);
    } catch {
      process.stderr.write(`Error parsing streaming input line (${line.length} chars): SyntaxError\n`);
      process.exit(1);
    }
    if (!isRecord(message)) return;
    if (message.type === "control_request") this.#control(message);
    else if (message.type === "control_response") this.#host.settle(message.response);
    else if (message.type === "user") {
      const prompt = promptText(message.message);
      this.#waitingTurns += 1;
      this.#enqueue(() => this.#converse(prompt));
    }
  }

  /** As the real CLI does: a prompt that has just come is started, and interrupted at once. */
  #interrupt(): void {
    if (this.#turn !== undefined) this.#turn.interrupt();
    else this.#interruptNext = this.#waitingTurns > 0;
  }

  #control({ request_id, request }: Record<string, unknown>): void {
    const subtype = isRecord(request) ? String(request.subtype) : "";
    const rule = this.#plan.script.find(
      (entry) => "on" in entry && entry.on === "control" && entry.subtype === subtype,
    );
    const scripted = rule !== undefined && "on" in rule && rule.on === "control" ? rule : undefined;
    const answer = scripted?.answer ?? defaultAnswer(subtype);
    if (subtype === "interrupt" && answer.kind === "success") this.#interrupt();
    if (answer.kind === "ignore") return;
    const body =
      answer.kind === "success"
        ? { subtype: "success", request_id, response: answer.response }
        : { subtype: "error", request_id, error: answer.message, error_code: answer.code };
    const send = () => void this.#output.line(JSON.stringify({ type: "control_response", response: body }));
    if (scripted !== undefined && scripted.delayMs > 0) setTimeout(send, scripted.delayMs);
    else send();
  }

  async #converse(prompt: string): Promise<void> {
    this.#waitingTurns -= 1;
    const reply = this.#replyTo(prompt);
    if (reply === "clear") return this.#clear();
    const turn = new CliTurn(prompt);
    this.#turn = turn;
    if (this.#interruptNext) turn.interrupt();
    this.#interruptNext = false;
    try {
      await this.#steps.run(reply, turn);
    } catch (error) {
      if (!(error instanceof TurnInterrupted)) throw error;
    }
    this.#turn = undefined;
    this.#exitCode = 0;
    if (!turn.signal.aborted || turn.resultSent) return;
    this.#exitCode = 1;
    await this.#steps.frame(interruptedFrame(turn.inTool));
    await this.#steps.result(turn, INTERRUPTED_RESULT);
  }

  /** The reply that the script has for a prompt; `/clear` has its own unless a rule names it. */
  #replyTo(prompt: string): CliStep | "clear" {
    const isClear = prompt.trim() === "/clear";
    for (const rule of this.#plan.script) {
      if (!("on" in rule) || rule.on !== "user" || !prompt.includes(rule.containing)) continue;
      if (isClear && rule.containing === "") continue;
      const taken = this.#taken.get(rule) ?? 0;
      this.#taken.set(rule, taken + 1);
      return rule.replies[Math.min(taken, rule.replies.length - 1)] ?? DEFAULT_REPLY;
    }
    return isClear ? "clear" : DEFAULT_REPLY;
  }

  /** As the real CLI does: the announced conversation id is not the `session_id` of the frames after it. */
  async #clear(): Promise<void> {
    await this.#steps.frame({
      type: "conversation_reset",
      new_conversation_id: crypto.randomUUID(),
      trigger: "clear",
      timestamp: new Date().toISOString(),
    });
    this.#sessionId = crypto.randomUUID();
    await this.#steps.frame(initFrame());
    await this.#steps.result(undefined, {
      num_turns: 0,
      stop_reason: null,
      result: "",
      local_command: "clear",
    });
  }

  #setMode(mode: CliMode): void {
    this.#modes.add(mode);
    if (mode === "stopReadingStdin") process.stdin.pause();
    if (mode === "silence") this.#exitWhenDone();
  }

  #enqueue(work: () => Promise<void>): void {
    this.#open += 1;
    this.#work = this.#work.then(work).then(() => {
      this.#open -= 1;
      this.#exitWhenDone();
    });
  }

  #end(): void {
    this.#ended = true;
    this.#host.abandon();
    this.#exitWhenDone();
  }

  /** At EOF a running turn is finished first; a silent stand-in has nothing to finish. */
  #exitWhenDone(): void {
    const idle = this.#open === 0 || this.#modes.has("silence");
    if (!this.#ended || !idle || this.#modes.has("ignoreEof")) return;
    void this.#output.flushed().then(() => process.exit(this.#exitCode));
  }
}

function defaultAnswer(subtype: string): ControlAnswer {
  if (subtype === "initialize") return { kind: "success", response: initializeAnswer() };
  if (subtype === "interrupt") return { kind: "success", response: { still_queued: [] } };
  if (ACKNOWLEDGED.has(subtype)) return { kind: "success", response: {} };
  return {
    kind: "error",
    message: `Unsupported control request subtype: ${subtype}`,
    code: "unsupported_request",
  };
}
