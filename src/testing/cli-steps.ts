import { setTimeout as delay } from "node:timers/promises";
import {
  assistantFrame,
  type Frame,
  initFrame,
  resultFrame,
  streamEventFrame,
  toolResultFrame,
} from "./cli-frames.js";
import type { HostRequests } from "./cli-host.js";
import { isRecord } from "./cli-input.js";
import type { CliOutput } from "./cli-output.js";
import type { CliMode, CliStep, PermissionScript } from "./cli-script.js";
import { type CliTurn, TurnInterrupted } from "./cli-turn.js";

/** What the steps act on. */
export interface StepWorld {
  readonly output: CliOutput;
  readonly host: HostRequests;
  /** Milliseconds that the process has left to live. */
  readonly lifetimeLeft: () => number;
  readonly sessionId: () => string;
  readonly setMode: (mode: CliMode) => void;
}

const NEVER = new Promise<never>(() => {});

/** Carries out the steps of a script. */
export class StepRunner {
  readonly #world: StepWorld;
  #results = 0;
  #toolUses = 0;
  #messages = 0;

  constructor(world: StepWorld) {
    this.#world = world;
  }

  /** Runs one step; `turn` is absent for steps that run at the start. */
  async run(step: CliStep, turn: CliTurn | undefined): Promise<void> {
    if (turn?.signal.aborted) throw new TurnInterrupted();
    const { output } = this.#world;
    switch (step.do) {
      case "raw":
        return output.write(Buffer.from(step.text));
      case "bytes":
        return output.write(Buffer.from(step.base64, "base64"));
      case "line":
        return output.line(step.json);
      case "frame":
        return this.frame(step.frame);
      case "init":
        return this.frame(initFrame());
      case "assistant":
        return this.#assistant(step.content, turn);
      case "echo":
        return this.#assistant(turn?.prompt ?? "", turn);
      case "streamText":
        return this.#streamText(step, turn);
      case "result":
        return this.result(turn, step.fields);
      case "steps":
        for (const each of step.steps) await this.run(each, turn);
        return;
      case "flood":
        return this.#flood(step, turn);
      case "permission":
        return this.#permission(step.request, turn);
      case "request": {
        const response = await this.#world.host.ask(step.subtype, step.fields, turn);
        return this.frame({ type: "system", subtype: "scripted_answer", response });
      }
      case "stderr":
        return writeStderr(step.text);
      case "stderrFlood":
        return writeStderr(
          `${"stderr noise ".repeat(8).padEnd(127, ".")}\n`.repeat(Math.ceil(step.bytes / 128)),
        );
      case "sleep":
        return this.#sleep(step.ms, turn);
      case "exit":
        await output.flushed();
        return process.exit(step.code);
      case "kill":
        process.removeAllListeners(step.signal);
        process.kill(process.pid, step.signal);
        return NEVER;
      case "writeInChunks":
        output.chunks = { bytes: step.size, pauseMs: step.pauseMs };
        return;
      case "lineEnding":
        output.lineEnding = step.ending;
        return;
      case "grandchild": {
        const { spawnSleeper } = await import("./cli-grandchild.js");
        const pid = await spawnSleeper({ ...step, lifetimeMs: this.#world.lifetimeLeft() });
        return this.frame({ type: "system", subtype: "scripted_grandchild", pid });
      }
      case "mode":
        this.#world.setMode(step.mode);
        if (step.mode === "closeStdout") return output.close();
        if (step.mode === "silence") return NEVER;
        return;
    }
  }

  /** Writes a frame with session id and uuid. */
  frame(fields: Frame): Promise<void> {
    return this.#world.output.line(
      JSON.stringify({
        ...fields,
        session_id: fields.session_id ?? this.#world.sessionId(),
        uuid: crypto.randomUUID(),
      }),
    );
  }

  /** Writes the `result` of a turn. */
  result(turn: CliTurn | undefined, fields: Frame): Promise<void> {
    if (turn !== undefined) turn.resultSent = true;
    const totals = {
      durationMs: Math.round(turn === undefined ? 0 : performance.now() - turn.startedAt),
      numTurns: 1,
      text: turn?.text ?? "",
      denials: turn?.denials ?? [],
      resultIndex: this.#results,
    };
    this.#results += 1;
    return this.frame(resultFrame(totals, fields));
  }

  #assistant(content: string | readonly unknown[], turn: CliTurn | undefined): Promise<void> {
    if (turn !== undefined && typeof content === "string") turn.text = content;
    return this.frame(assistantFrame(content, this.#nextMessageId()));
  }

  async #streamText(step: CliStep & { do: "streamText" }, turn: CliTurn | undefined): Promise<void> {
    const message = { id: this.#nextMessageId(), type: "message", role: "assistant", content: [] };
    const event = (fields: Frame) => this.frame(streamEventFrame(fields));
    await event({ type: "message_start", message });
    await event({ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } });
    for (let start = 0; start < step.text.length; start += step.chunkSize) {
      await this.#sleep(step.delayMs, turn);
      const text = step.text.slice(start, start + step.chunkSize);
      await event({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } });
    }
    await event({ type: "content_block_stop", index: 0 });
    await this.#assistant(step.text, turn);
    await event({ type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 1 } });
    await event({ type: "message_stop" });
  }

  async #flood(step: CliStep & { do: "flood" }, turn: CliTurn | undefined): Promise<void> {
    const { output } = this.#world;
    const { FloodGenerator } = await import("./cli-flood.js");
    const generator = new FloodGenerator({ ...step, sessionId: this.#world.sessionId() });
    const startedAt = performance.now();
    let gathered: Buffer[] = [];
    let size = 0;
    for (let index = 0; index < step.count; index += 1) {
      const frame = generator.frame(index);
      gathered.push(frame);
      size += frame.length;
      if (size < step.writeChunk && index < step.count - 1) continue;
      await output.write(gathered.length === 1 ? frame : Buffer.concat(gathered));
      gathered = [];
      size = 0;
      // A pipe that is never full would keep stdin and signals waiting: writes then finish without a loop turn.
      await new Promise((resolve) => setImmediate(resolve));
      if (turn?.signal.aborted) throw new TurnInterrupted();
    }
    return writeStderr(`flood-done ${Math.round(performance.now() - startedAt)}\n`);
  }

  async #permission(script: PermissionScript, turn: CliTurn | undefined): Promise<void> {
    const { toolName, input } = script;
    this.#toolUses += 1;
    const id = script.toolUseId ?? `toolu_scripted_${this.#toolUses}`;
    await this.#assistant([{ type: "tool_use", id, name: toolName, input }], turn);
    if (turn !== undefined) turn.inTool = true;
    const answer = await this.#world.host.ask(
      "can_use_tool",
      {
        tool_name: toolName,
        display_name: toolName,
        input,
        permission_suggestions: [
          { type: "addRules", rules: [{ toolName }], behavior: "allow", destination: "localSettings" },
        ],
        tool_use_id: id,
        ...script.fields,
      },
      turn,
    );
    if (turn !== undefined) turn.inTool = false;
    const decision = answer.ok && isRecord(answer.response) ? answer.response : {};
    if (decision.behavior === "allow") {
      if (script.onAllow !== undefined) return this.run({ do: "steps", steps: script.onAllow }, turn);
      const ranWith = JSON.stringify(decision.updatedInput ?? input);
      return this.frame(toolResultFrame(id, `${toolName} ran with ${ranWith}`, false));
    }
    turn?.denials.push({ tool_name: toolName, tool_use_id: id, tool_input: input });
    const message = answer.ok ? String(decision.message ?? "the answer has no behavior") : answer.error;
    if (decision.interrupt === true && turn !== undefined) {
      turn.inTool = true;
      await this.frame(toolResultFrame(id, message, true));
      turn.interrupt();
      throw new TurnInterrupted();
    }
    if (script.onDeny !== undefined) return this.run({ do: "steps", steps: script.onDeny }, turn);
    return this.frame(toolResultFrame(id, message, true));
  }

  async #sleep(ms: number, turn: CliTurn | undefined): Promise<void> {
    if (ms <= 0) return;
    try {
      await delay(ms, undefined, turn === undefined ? {} : { signal: turn.signal });
    } catch {
      throw new TurnInterrupted();
    }
  }

  #nextMessageId(): string {
    this.#messages += 1;
    return `msg_scripted_${this.#messages}`;
  }
}

function writeStderr(text: string): Promise<void> {
  return new Promise((resolve) => {
    process.stderr.write(text, () => resolve());
  });
}
