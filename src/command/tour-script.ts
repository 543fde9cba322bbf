/** What is asked during the tour, and what the scripted model answers. */

import { type ModelScript, text, toolUse } from "../testing/index.js";

/** The prompts of the tour's three parts. */
export const TOUR_PROMPTS = {
  stream: "What happens while you answer?",
  tool: "Please leave me a note in a file.",
  large: "Send me 400 KB at once.",
} as const;

/** Size of the answer to {@link TOUR_PROMPTS.large}, in bytes. */
export const LARGE_BYTES = 400_000;

const ANSWER = `A worker thread started me as a child process. It reads what I
write, cuts it into frames, checks them, and hands them to your
thread. So your event loop is free, even while I talk.`;

const COMMAND = 'echo "hello from a real shell" > note.txt && cat note.txt';

/** The model of the tour; only the model is scripted, claude and its tools are real. */
export function tourScript(): ModelScript {
  return [
    { when: TOUR_PROMPTS.stream, reply: text(ANSWER, { chunkSize: 6, delayMs: 35 }) },
    {
      when: TOUR_PROMPTS.tool,
      reply: [toolUse("Bash", { command: COMMAND, description: "Leave a note" }), "The note is in note.txt."],
    },
    { when: TOUR_PROMPTS.large, reply: text(largeText(), { chunkSize: LARGE_BYTES }) },
  ];
}

function largeText(): string {
  const line = "All work in the worker thread leaves the main thread free to play. ";
  return line.repeat(Math.ceil(LARGE_BYTES / line.length)).slice(0, LARGE_BYTES);
}
