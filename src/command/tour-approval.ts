import {
  type AsyncClient,
  permission,
  type ToolApprovalHandler,
  textOf,
  toolResults,
  toolUses,
} from "../index.js";
import { toolLine } from "./activity.js";
import { milliseconds, type TourPage } from "./tour-page.js";
import { endTurn } from "./tour-result.js";
import { TOUR_PROMPTS } from "./tour-script.js";

/** Times of one approval, in `performance.now()`. */
interface ApprovalTimes {
  asked: number;
  answered: number;
}

/** Part two: a tool that no rule allows, so the host is asked. Give the handler to the client, then show. */
export class ApprovalPart {
  readonly #page: TourPage;
  readonly #times: ApprovalTimes = { asked: 0, answered: 0 };

  constructor(page: TourPage) {
    this.#page = page;
  }

  /** Says yes, and shows what it was asked. */
  readonly handler: ToolApprovalHandler = (request) => {
    this.#times.asked = performance.now();
    this.#page.line("asks", `may I use ${toolLine(request.tool_name, request.input)} ?`);
    this.#page.line("you", "(your onToolApproval handler) permission.allow(request)");
    this.#times.answered = performance.now();
    return permission.allow(request);
  };

  async show(client: AsyncClient, { timeoutMs }: { timeoutMs: number }): Promise<void> {
    const page = this.#page;
    page.part("A tool that asks first", TOUR_PROMPTS.tool);
    let called = 0;
    let returned = 0;
    const stream = await client.queryStream(TOUR_PROMPTS.tool, { timeoutMs });
    for await (const message of stream) {
      if (toolUses(message).length > 0) called = performance.now();
      for (const { content } of toolResults(message)) {
        returned = performance.now();
        page.line("shell", typeof content === "string" ? content : JSON.stringify(content));
      }
      const text = textOf(message);
      if (text !== undefined) page.line("claude", text);
    }
    await endTurn(stream);
    const { asked, answered } = this.#times;
    page.measured([
      ["tool call seen to your handler asked", milliseconds(Math.max(0, asked - called))],
      [
        "your yes to the tool's result",
        `${milliseconds(returned - answered)} (the shell's own run is in it)`,
      ],
    ]);
  }
}
