import { type AssistantMessage, type AsyncClient, isAssistant, textOf } from "../index.js";
import { milliseconds, type TourPage } from "./tour-page.js";
import { endTurn } from "./tour-result.js";
import { LARGE_BYTES, TOUR_PROMPTS } from "./tour-script.js";

/** How long the main thread is held, in milliseconds. */
const BLOCK_MS = 1_000;

/** Part three: the main thread is blocked while the child writes a large frame. */
export async function showBlockedLoop(
  page: TourPage,
  client: AsyncClient,
  { timeoutMs }: { timeoutMs: number },
): Promise<void> {
  page.part("A 400 KB frame, while this thread is blocked", TOUR_PROMPTS.large);
  // A CLI that answers has booted: what follows is the frame's way alone.
  await client.isResponsive({ timeoutMs });
  const before = client.stats().bytesReceived;
  const stream = await client.queryStream(TOUR_PROMPTS.large, { timeoutMs });

  page.line("(here)", `this thread now does nothing but count, for ${BLOCK_MS / 1000} s`);
  const blockedAt = performance.now();
  let drainedAt: number | undefined;
  let turns = 0;
  while (performance.now() - blockedAt < BLOCK_MS) {
    turns += 1;
    // Counters lie in memory shared with the worker, so they can be read without the event loop.
    if (drainedAt === undefined && client.stats().bytesReceived - before > LARGE_BYTES) {
      drainedAt = performance.now();
    }
  }
  page.line("(here)", `counted to ${turns.toLocaleString("en-US")}; free again`);
  // Timers and the like have waited too; let them go first, so that they are not counted in.
  await new Promise((resolve) => setImmediate(resolve));

  const freeAt = performance.now();
  let frame: AssistantMessage | undefined;
  for (;;) {
    const { value, done } = await stream.next();
    if (done === true) break;
    if (isAssistant(value)) {
      frame = value;
      break;
    }
  }
  const receivedAt = performance.now();
  const text = frame === undefined ? "" : (textOf(frame) ?? "");
  const readAt = performance.now();
  await endTurn(stream);

  page.line("claude", `${text.slice(0, 40)}… (${text.length.toLocaleString("en-US")} characters)`);
  // On a very busy machine the child may need longer; then the wait for it would be counted in.
  const [drained, received] =
    drainedAt === undefined
      ? ["not within the block: this machine is busy", "not measured"]
      : [`${milliseconds(drainedAt - blockedAt)} into the block`, milliseconds(receivedAt - freeAt)];
  page.measured([
    ["the worker had the frame", drained],
    ["main thread, to receive it untouched", received],
    ["main thread, to read its text", milliseconds(readAt - receivedAt)],
  ]);
}
