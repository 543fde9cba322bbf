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

/** A client's options with its limits resolved. */
export type ResolvedOptions = ClientOptions & { readonly limits: Limits };

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
  let spec = builder.build();
  const asks = spec.args.some((item) => item.startsWith("--permission-prompt-tool="));
  if (options.onToolApproval !== undefined && !asks) spec = builder.permissionPromptTool("stdio").build();
  const launch = await resolveLaunch(spec);
  // Beside the start, not before it: asking takes the binary 100 ms.
  if (checkVersion) void warnOnVersionDrift(launch.command);
  return openLaunch(launch, options);
}

/** Starts any command. */
export async function openSpec(spec: LaunchSpec, options: ClientOptions): Promise<OpenedSession> {
  return openLaunch(await resolveLaunch(spec), options);
}

/** Takes over a child that runs already. */
export async function openChild(child: ChildProcess, options: ClientOptions): Promise<OpenedSession> {
  const resolved = resolveOptions(options);
  if (child.pid === undefined) {
    throw new SpawnError(
      "The child to attach to was never started; listen to its error event for the reason.",
      {
        command: child.spawnfile,
      },
    );
  }
  return openSource({ relay: relay(child), pid: child.pid }, resolved, undefined, []);
}

async function openLaunch(launch: LaunchSpec, options: ClientOptions): Promise<OpenedSession> {
  const resumed = launch.args.some((item) => item.startsWith("--resume="));
  return openSource(
    { spawn: toSpawnable(launch) },
    resolveOptions(options),
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
    approvals: options.onToolApproval !== undefined,
    deliver: options.deliver,
    signal: options.signal,
  });
  if (options.signal?.aborted === true) void session.shutdown();
  throwIfAborted(options.signal);
  endOnAbort(session, options.signal);
  return { session, options, sessionId, args };
}

function resolveOptions(options: ClientOptions): ResolvedOptions {
  if (options.stallMs !== undefined) milliseconds("stallMs", options.stallMs);
  return { ...options, limits: resolveLimits(options) };
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
