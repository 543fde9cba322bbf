/** The frame `rate_limit_event`: how much of the plan's limits is left. */
import * as v from "valibot";
import { frame, open } from "./wire-schema.js";

const limitStatus = open<"allowed" | "allowed_warning" | "rejected">();

/** The state of one limit. */
export const rateLimitInfoSchema = v.looseObject({
  status: limitStatus,
  rateLimitType: v.nullish(
    open<
      | "five_hour"
      | "seven_day"
      | "seven_day_opus"
      | "seven_day_sonnet"
      | "seven_day_overage_included"
      | "overage"
    >(),
  ),
  /** Seconds since 1970, possibly with a fraction. */
  resetsAt: v.nullish(v.number()),
  /** How much of the limit is used; told only when it is near or reached. */
  utilization: v.nullish(v.number()),
  surpassedThreshold: v.nullish(v.number()),
  limitScope: v.nullish(open<"service" | "channel" | "group_pool">()),
  errorCode: v.nullish(open<"credits_required">()),
  overageStatus: v.nullish(limitStatus),
  /** Seconds since 1970, possibly with a fraction. */
  overageResetsAt: v.nullish(v.number()),
  overageDisabledReason: v.nullish(
    open<
      | "overage_not_provisioned"
      | "org_level_disabled"
      | "org_level_disabled_until"
      | "out_of_credits"
      | "seat_tier_level_disabled"
      | "member_level_disabled"
      | "seat_tier_zero_credit_limit"
      | "group_zero_credit_limit"
      | "member_zero_credit_limit"
      | "org_service_level_disabled"
      | "no_limits_configured"
      | "fetch_error"
      | "unknown"
    >(),
  ),
  isUsingOverage: v.nullish(v.boolean()),
  overageInUse: v.nullish(v.boolean()),
  overageEnabled: v.nullish(v.boolean()),
  overagePeriodMonthly: v.nullish(v.looseObject({ utilization: v.nullish(v.number()) })),
  overagePeriodChannel: v.nullish(v.looseObject({ utilization: v.nullish(v.number()) })),
  canUserPurchaseCredits: v.nullish(v.boolean()),
  hasChargeableSavedPaymentMethod: v.nullish(v.boolean()),
});

/** Type of {@link rateLimitInfoSchema}. */
export interface RateLimitInfo extends v.InferOutput<typeof rateLimitInfoSchema> {}

/** The frame `rate_limit_event`. */
export const rateLimitEventSchema = frame("rate_limit_event", { rate_limit_info: rateLimitInfoSchema });

/** Type of {@link rateLimitEventSchema}. */
export interface RateLimitEvent extends v.InferOutput<typeof rateLimitEventSchema> {}
