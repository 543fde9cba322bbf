/** From options and a launch to a running session. */

import type { ChildProcess } from "node:child_process";
import { onAbort } from "../abort-signal.js";
import type { ChildSource } from "../channel/control-contract.js";
import { AbortError, SpawnError } from "../errors.js";
import {
  ClaudeCliBuilder,
  type LaunchSpec,
  resolveLaunch,
  toSpawnable,
  warnOnVersionDrift,
} from "../launch/index.js";
import { type Limits, milliseconds, resolveLimits } from "../options.js";
import { relay } from "../pool/attach-relay.js";
import type { SessionHandle } from "../pool/session-handle.js";
import { sharedPool } from "../pool/session-pool.js";
import type { ClientOptions } from "./client-options.js";
import { Host } from "./host.js";

/** A client's options with its limits resolved, and the host's side that they make. */
export type ResolvedOptions = ClientOptions & { readonly limits: Limits; readonly host: Host };

/** What a client is made of. */
export interface OpenedSession {
  readonly session: SessionHandle;
  readonly options: ResolvedOptions;
  /** The session that was resumed: known before the CLI has said a word. */
  readonly sessionId: string | undefined;
  /** The child's arguments; none for a child that ran already. */
  readonly args: readonly string[];
}

/** What the short ways to a client start from. */
export function baseBuilder({ builder }: ClientOptions): ClaudeCliBuilder {
  return builder ?? new ClaudeCliBuilder();
}

/** Starts what the builder says; with an approval handler the CLI is made to ask. */
export async function openBuilder(
  builder: ClaudeCliBuilder,
  options: ClientOptions,
  { checkVersion = false } = {},
): Promise<OpenedSession> {
  return withResolved(options, async (resolved) => {
    const launch = await resolveLaunch(servedBy(resolved.host, builder).build());
    // Beside the start, not before it: asking takes the binary 100 ms.
    if (checkVersion) void warnOnVersionDrift(launch.command);
    return openLaunch(launch, resolved);
  });
}

/** The launch of a CLI that asks whoever decides about tools, and that waits for what it is told first. */
function servedBy({ decidesAboutTools, mustBeAwaited }: Host, builder: ClaudeCliBuilder): ClaudeCliBuilder {
  const asks = builder.build().args.some((item) => item.startsWith("--permission-prompt-tool="));
  const asking = decidesAboutTools && !asks ? builder.permissionPromptTool("stdio") : builder;
  return mustBeAwaited ? asking.arg("await-initialize") : asking;
}

/** Starts any command. */
export async function openSpec(spec: LaunchSpec, options: ClientOptions): Promise<OpenedSession> {
  return withResolved(options, async (resolved) => openLaunch(await resolveLaunch(spec), resolved));
}

/** Takes over a child that runs already. */
export async function openChild(child: ChildProcess, options: ClientOptions): Promise<OpenedSession> {
  return withResolved(options, async (resolved) => {
    const { pid, spawnfile: command } = child;
    if (pid !== undefined) return openSource({ relay: relay(child), pid }, resolved, undefined, []);
    const message = "The child to attach to was never started; listen to its error event for the reason.";
    throw new SpawnError(message, { command });
  });
}

async function openLaunch(launch: LaunchSpec, options: ResolvedOptions): Promise<OpenedSession> {
  const resumed = launch.args.some((item) => item.startsWith("--resume="));
  return openSource(
    { spawn: toSpawnable(launch) },
    options,
    resumed ? launch.sessionId : undefined,
    launch.args,
  );
}

async function openSource(
  child: ChildSource,
  options: ResolvedOptions,
  sessionId: string | undefined,
  args: readonly string[],
): Promise<OpenedSession> {
  throwIfAborted(options.signal);
  const pool = options.pool ?? sharedPool();
  const session = await pool.open(child, {
    limits: options.limits,
    host: options.host.task,
    deliver: options.deliver,
    signal: options.signal,
  });
  if (options.signal?.aborted === true) void session.shutdown();
  throwIfAborted(options.signal);
  endOnAbort(session, options.signal);
  return { session, options, sessionId, args };
}

/** What the host's side has taken hold of is let go when there will be no session. */
async function withResolved(
  options: ClientOptions,
  open: (resolved: ResolvedOptions) => Promise<OpenedSession>,
): Promise<OpenedSession> {
  if (options.stallMs !== undefined) milliseconds("stallMs", options.stallMs);
  const resolved = { ...options, limits: resolveLimits(options), host: new Host(options) };
  try {
    return await open(resolved);
  } catch (error) {
    resolved.host.close();
    throw error;
  }
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  throw new AbortError("Opening the client was aborted by its signal.", { cause: signal.reason });
}

function endOnAbort(session: SessionHandle, signal: AbortSignal | undefined): void {
  if (signal === undefined) return;
  const forget = onAbort(signal, () => void session.shutdown());
  void session.outcome.then(forget);
}
