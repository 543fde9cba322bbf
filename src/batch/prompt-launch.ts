/** From a prompt's own options to the launch of its process. */

import type { ClaudeCliBuilder } from "../launch/index.js";
import type { BatchPrompt } from "./batch-prompt.js";

/** How a prompt's process is started. Prompts may share a process only when their keys are equal. */
export interface PromptLaunch {
  readonly key: string;
  readonly builder: ClaudeCliBuilder;
}

/**
 * The launch of one prompt.
 * @throws InvalidArgumentError for an option that the builder refuses
 */
export function promptLaunch(base: ClaudeCliBuilder, prompt: BatchPrompt): PromptLaunch {
  const { model, systemPrompt, cwd, allowedTools, jsonSchema } = prompt;
  let builder = base;
  if (model !== undefined) builder = builder.model(model);
  if (systemPrompt !== undefined) builder = builder.systemPrompt(systemPrompt);
  if (cwd !== undefined) builder = builder.workingDirectory(cwd);
  if (allowedTools !== undefined) builder = builder.allowedTools([...allowedTools]);
  if (jsonSchema !== undefined) builder = builder.jsonSchema(jsonSchema);
  return { key: JSON.stringify([model, systemPrompt, cwd, allowedTools, jsonSchema]), builder };
}
