/** What all ways of talking to the real CLI have in common. */

import type { Stage } from "./stage.js";

/** Whose way it is. `print` is one `claude --print` per prompt; with `offthread policy` approvals need no main thread. */
export type Talker = "offthread" | "offthread policy" | "sdk" | "readline" | "print";

/** How a conversation is opened. */
export interface ConversationOptions {
  /** Whether to wait until the CLI has booted and answered `initialize`. Default false: prompts may be sent before. */
  readonly ready?: boolean;
  readonly partialMessages?: boolean;
  /** Lets every tool run that needs approval; told of the tool's call. */
  readonly onApproval?: (toolUseId: string) => void;
}

/** A conversation with one CLI process. */
export interface Conversation {
  /** Sends a prompt, and gives the messages of its turn, up to and including its result. */
  ask(prompt: string): AsyncIterable<unknown>;
  /** Interrupts the turn that runs. */
  interrupt(): Promise<void>;
  /** Ends the CLI, and waits for its exit. */
  close(): Promise<void>;
}

/** Opens a conversation; loads only the library that it stands for. */
export async function openConversation(
  talker: Talker,
  stage: Stage,
  options: ConversationOptions = {},
): Promise<Conversation> {
  switch (talker) {
    case "offthread":
      return (await import("./offthread.js")).openOffthread(stage, options);
    case "offthread policy":
      return (await import("./offthread.js")).openOffthread(stage, options, { byPolicy: true });
    case "sdk":
      return (await import("./sdk.js")).openSdk(stage, options);
    case "readline":
      return (await import("./readline.js")).openReadline(stage, options);
    case "print":
      return (await import("./print.js")).openPrint(stage);
  }
}
