/** Bytes of UTF-8 as a string. */

import { isAscii, transcode } from "node:buffer";

/** For less than this the detour is not worth its calls. */
const SHORT_BYTES = 1024;

/**
 * Up to Node 22 V8 decodes text that is not pure ASCII at 30 to 250 MB/s. Converting it to UTF-16 first runs at ten
 * times that on Chinese, and at twice that on a text with a few dashes in it. Node built without ICU has no `transcode`.
 */
const DETOUR = Number.parseInt(process.versions.node, 10) < 24 && typeof transcode === "function";

/** The text of `bytes[start, end)`, as `toString("utf8")` gives it, replacement characters included. */
export function utf8Text(bytes: Buffer, start = 0, end: number = bytes.length): string {
  if (!DETOUR || end - start < SHORT_BYTES) return bytes.toString("utf8", start, end);
  const view = start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end);
  if (isAscii(view)) return view.toString("latin1");
  try {
    return transcode(view, "utf8", "utf16le").toString("utf16le");
  } catch {
    // Not all of it is UTF-8, which `transcode` refuses.
    return view.toString("utf8");
  }
}
