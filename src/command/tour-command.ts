/** `claude-offthread tour`: the real CLI at work, without an account. */

import { relative } from "node:path";
import { type AsyncClient, checkVersion } from "../index.js";
import { ExitCode } from "./exit-codes.js";
import { InterruptKey } from "./interrupt-key.js";
import { readManifest } from "./package-manifest.js";
import { ApprovalPart } from "./tour-approval.js";
import { showBlockedLoop } from "./tour-blocked-loop.js";
import { TourPage } from "./tour-page.js";
import { TourStage } from "./tour-stage.js";
import { showStreaming } from "./tour-streaming.js";

/** Time for each part, far more than it needs. */
const PART_TIMEOUT_MS = 20_000;

/**
 * Shows all parts and cleans up.
 * @throws BinaryNotFoundError when there is no claude, and whatever stopped a part
 */
export async function runTour(flags: { readonly claude?: string }): Promise<ExitCode> {
  const key = new InterruptKey();
  const ended = new AbortController();
  key.onPresses(() => ended.abort());
  const page = new TourPage((text) => process.stdout.write(text));
  const began = performance.now();
  const stage = await TourStage.open(flags.claude, ended.signal);
  try {
    await introduce(page, stage);
    await showParts(page, stage);
  } catch (error) {
    if (!key.pressed) throw error;
    return ExitCode.interrupted;
  } finally {
    await stage.close();
  }
  page.paragraph(
    "",
    `That took ${((performance.now() - began) / 1000).toFixed(1)} s. All processes have ended, all temporary files are gone.`,
    "",
    "Next, on your own machine and account:",
    `  ${ownName()} doctor`,
    `  ${ownName()} query "Which files are here?"`,
  );
  return ExitCode.success;
}

async function introduce(page: TourPage, { binary }: TourStage): Promise<void> {
  const { version } = await checkVersion(binary.path);
  page.paragraph(
    `claude-offthread ${readManifest().version}, a tour`,
    "",
    `The real Claude Code CLI ${version ?? "(of unknown version)"} runs here as a child of a worker thread.`,
    "Only its model is scripted, on 127.0.0.1: no account, no network, none of your settings.",
  );
}

async function showParts(page: TourPage, stage: TourStage): Promise<void> {
  const bounds = { timeoutMs: PART_TIMEOUT_MS };
  const approval = new ApprovalPart(page);
  const startedAt = performance.now();
  await withClient(stage.startClient({ partial: true, onToolApproval: approval.handler }), async (client) => {
    await showStreaming(page, client, { startedAt, ...bounds });
    await approval.show(client, bounds);
  });
  // Without the pieces: they would bring the large text a second time.
  await withClient(stage.startClient({ partial: false }), (client) => showBlockedLoop(page, client, bounds));
}

async function withClient(
  opening: Promise<AsyncClient>,
  use: (client: AsyncClient) => Promise<void>,
): Promise<void> {
  const client = await opening;
  try {
    await use(client);
  } finally {
    await client.shutdown();
  }
}

/** How the command was called, so that its name can be typed again. */
function ownName(): string {
  const [, file = ""] = process.argv;
  return file.endsWith(".js") ? `node ${relative(process.cwd(), file)}` : "claude-offthread";
}
