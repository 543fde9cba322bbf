import type { AsyncClient } from "../index.js";
import { textPiece } from "./answer-text.js";
import { milliseconds, type TourPage } from "./tour-page.js";
import { endTurn } from "./tour-result.js";
import { TOUR_PROMPTS } from "./tour-script.js";

/**
 * Part one: an answer that is shown as it arrives.
 * @param startedAt when the CLI was started, in `performance.now()`.
 */
export async function showStreaming(
  page: TourPage,
  client: AsyncClient,
  { startedAt, timeoutMs }: { startedAt: number; timeoutMs: number },
): Promise<void> {
  page.part("An answer, shown as it arrives", TOUR_PROMPTS.stream);
  const askedAt = performance.now();
  let firstAt = 0;
  let lastAt = 0;
  let pieces = 0;
  const stream = await client.queryStream(TOUR_PROMPTS.stream, { timeoutMs });
  for await (const message of stream) {
    const text = textPiece(message);
    if (text === undefined) continue;
    lastAt = performance.now();
    if (pieces === 0) firstAt = lastAt;
    page.piece(text, pieces === 0);
    pieces += 1;
  }
  page.paragraph("");
  await endTurn(stream);
  page.measured([
    ["start of the CLI to its first word", milliseconds(firstAt - startedAt)],
    ["prompt to first word", `${milliseconds(firstAt - askedAt)} (the CLI was still booting)`],
    ["the whole answer", `${pieces} pieces in ${milliseconds(lastAt - firstAt)}`],
  ]);
}
