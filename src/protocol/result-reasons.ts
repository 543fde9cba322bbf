/** The names by which a result tells how and why. */
import type * as v from "valibot";
import { open } from "./wire-schema.js";

/** Why a turn ended, in more detail than the subtype tells. */
export const terminalReasonSchema = open<
  | "blocking_limit"
  | "rapid_refill_breaker"
  | "prompt_too_long"
  | "image_error"
  | "model_error"
  | "api_error"
  | "malformed_tool_use_exhausted"
  | "aborted_streaming"
  | "aborted_tools"
  | "stop_hook_prevented"
  | "hook_stopped"
  | "tool_deferred"
  | "max_turns"
  | "background_requested"
  | "completed"
  | "budget_exhausted"
  | "structured_output_retry_exhausted"
  | "tool_deferred_unavailable"
  | "turn_setup_failed"
>();

/** Type of {@link terminalReasonSchema}. */
export type TerminalReason = v.InferOutput<typeof terminalReasonSchema>;

/** Why the CLI could not even begin; on an `error_during_execution` whose numbers are all zero. */
export const startupFailureReasonSchema = open<
  | "org_pin_api_key_conflict"
  | "provider_not_allowed"
  | "org_verify_failed"
  | "org_pin_mismatch"
  | "managed_settings_invalid"
  | "remote_settings_required_unavailable"
  | "gateway_signin_required"
  | "gateway_access_denied"
  | "proxy_invalid"
  | "temp_dir_unusable"
  | "cwd_unavailable"
  | "shell_tool_missing"
  | "session_held_by_background"
  | "worktree_resume_refused"
  | "worktree_unverified"
  | "cli_version_too_old"
  | "bypass_root"
  | "org_config_required_unavailable"
  | "org_config_refused"
  | "sandbox_required_unavailable"
  | "initialize_not_first"
  | "config_file_invalid"
  | "managed_settings_not_delivered"
  | "initialize_fields_not_delivered"
>();

/** Type of {@link startupFailureReasonSchema}. */
export type StartupFailureReason = v.InferOutput<typeof startupFailureReasonSchema>;

/** State of fast mode. */
export const fastModeStateSchema = open<"off" | "cooldown" | "on">();

/** Why fast mode is off. */
export const fastModeDisabledReasonSchema = open<
  | "free"
  | "preference"
  | "extra_usage_disabled"
  | "network_error"
  | "unknown"
  | "not_first_party"
  | "disabled_by_env"
  | "model_not_allowed"
  | "sdk_opt_in_required"
  | "pending"
>();
