import {
  checkItems,
  checkJoinable,
  checkJson,
  checkNumber,
  checkText,
  type Items,
  type Open,
} from "./flag-value.js";
import { SessionFlags } from "./session-flags.js";

const POSITIVE = { min: 1, integer: true };

/** Which model answers, with what effort and limits, and what it is told first. */
export abstract class ModelFlags extends SessionFlags {
  /** Alias (`sonnet`, `opus`, …) or full name. */
  model(model: string): this {
    return this.withValue("model", checkText("model", model));
  }

  /** Models to use in this order while the main one is busy. Replaces what was set before. */
  fallbackModel(...models: Items): this {
    return this.withValue(
      "fallback-model",
      checkText("fallbackModel", checkJoinable("fallbackModel", models).join()),
    );
  }

  /** How hard the model works. */
  effort(level: Open<"low" | "medium" | "high" | "xhigh" | "max">): this {
    return this.withValue("effort", checkText("effort", level));
  }

  /** Whether the model thinks before it answers. */
  thinking(mode: Open<"enabled" | "adaptive" | "disabled">): this {
    return this.withValue("thinking", checkText("thinking", mode));
  }

  /** How much of the thinking is shown. */
  thinkingDisplay(display: Open<"summarized" | "omitted" | "highlights">): this {
    return this.withValue("thinking-display", checkText("thinkingDisplay", display));
  }

  /** Most tokens of thinking per answer, at least 0. */
  maxThinkingTokens(tokens: number): this {
    return this.withValue(
      "max-thinking-tokens",
      checkNumber("maxThinkingTokens", tokens, { min: 0, integer: true }),
    );
  }

  /** Most model calls per query, at least 1; then the result has subtype `error_max_turns`. */
  maxTurns(turns: number): this {
    return this.withValue("max-turns", checkNumber("maxTurns", turns, POSITIVE));
  }

  /** Most money to spend, in US dollars, more than 0. */
  maxBudgetUsd(amount: number): this {
    const rule = { min: 0, integer: false, exclusive: true };
    return this.withValue("max-budget-usd", checkNumber("maxBudgetUsd", amount, rule));
  }

  /** A token budget for the task, told to the model, at least 1. */
  taskBudget(tokens: number): this {
    return this.withValue("task-budget", checkNumber("taskBudget", tokens, POSITIVE));
  }

  /** When the history is summarized: `auto`, or a window in tokens (the CLI wants at least 100,000). */
  autocompact(window: "auto" | number): this {
    const text = typeof window === "number" ? checkNumber("autocompact", window, POSITIVE) : window;
    return this.withValue("autocompact", checkText("autocompact", text));
  }

  /** Beta headers for the API. Adds to those already set. */
  betas(...betas: Items): this {
    return this.withItems("betas", checkItems("betas", betas));
  }

  /** The agent that leads the session, by name. */
  agent(name: string): this {
    return this.withValue("agent", checkText("agent", name));
  }

  /** Own agents: an object by name, its JSON, or the path of a file that holds it. */
  agents(agents: string | object): this {
    return this.withValue("agents", checkJson("agents", agents));
  }

  /** A JSON Schema (object or JSON text) for the result's `structured_output`. */
  jsonSchema(schema: string | object): this {
    return this.withValue("json-schema", checkJson("jsonSchema", schema));
  }

  /** Replaces the system prompt; empty for none. */
  systemPrompt(prompt: string): this {
    return this.withValue("system-prompt", checkText("systemPrompt", prompt, { mayBeEmpty: true }));
  }

  /** Replaces the system prompt by a file's text. The way for prompts over 128 KiB, Linux' limit per argument. */
  systemPromptFile(path: string): this {
    return this.withValue("system-prompt-file", checkText("systemPromptFile", path));
  }

  /** Adds to the end of the default system prompt. */
  appendSystemPrompt(text: string): this {
    return this.withValue(
      "append-system-prompt",
      checkText("appendSystemPrompt", text, { mayBeEmpty: true }),
    );
  }

  /** Adds a file's text to the end of the default system prompt. */
  appendSystemPromptFile(path: string): this {
    return this.withValue("append-system-prompt-file", checkText("appendSystemPromptFile", path));
  }

  /** Whether the first request's system prompt is kept for the whole conversation, resumes included. */
  systemPromptSnapshot(mode: "on" | "off"): this {
    return this.withValue("system-prompt-snapshot", checkText("systemPromptSnapshot", mode));
  }

  /** Moves what differs per machine from the system prompt into the first message, for better caching. */
  excludeDynamicSystemPromptSections(enabled = true): this {
    return this.withSwitch("exclude-dynamic-system-prompt-sections", enabled);
  }
}
