/** Images for a prompt. */
import { InvalidArgumentError } from "../errors.js";
import { type ImageBlock, type ImageMediaType, imageMediaTypes } from "./content-media.js";

/** An image in the message itself. */
export interface ImageData {
  /** The file's bytes as standard base64: no `data:` prefix, no line breaks. */
  readonly data: string;
  /** One of {@link imageMediaTypes}. */
  readonly mediaType: ImageMediaType;
}

/** An image that the API fetches. */
export interface ImageUrl {
  /** An `http:` or `https:` address that the API can reach. */
  readonly url: string;
}

/**
 * An image block for a prompt.
 *
 * @throws InvalidArgumentError for a format that the API does not take, for data that is not base64, for a
 *   URL of another scheme. Whether the bytes are such an image is not looked at.
 */
export function imageBlock(image: ImageData | ImageUrl): ImageBlock {
  if ("url" in image) return { type: "image", source: { type: "url", url: checkUrl(image.url) } };
  const { data, mediaType } = image;
  return {
    type: "image",
    source: { type: "base64", media_type: checkMediaType(mediaType), data: checkBase64(data) },
  };
}

function checkMediaType(mediaType: unknown): ImageMediaType {
  const known = imageMediaTypes.find((candidate) => candidate === mediaType);
  if (known === undefined) {
    throw new InvalidArgumentError(
      `Images of type ${JSON.stringify(mediaType)} are not supported. Use one of ${imageMediaTypes.join(", ")}.`,
    );
  }
  return known;
}

const notBase64 = /[^A-Za-z0-9+/]/;

/** One pass of a character class, which takes about a millisecond per megabyte. */
function checkBase64(data: unknown): string {
  if (typeof data !== "string" || data === "") {
    throw new InvalidArgumentError("Image data must be a non-empty base64 string.");
  }
  if (data.startsWith("data:")) {
    throw new InvalidArgumentError("Image data must be bare base64: cut the data URL after its comma.");
  }
  const padding = data.endsWith("==") ? 2 : data.endsWith("=") ? 1 : 0;
  const body = padding === 0 ? data : data.slice(0, -padding);
  const position = body.search(notBase64);
  if (position >= 0) {
    throw new InvalidArgumentError(
      `Image data is not base64: unexpected ${JSON.stringify(body.charAt(position))} at position ${position}. ` +
        "Line breaks and the URL-safe alphabet are not accepted.",
    );
  }
  if (body.length % 4 === 1 || (padding > 0 && data.length % 4 !== 0)) {
    throw new InvalidArgumentError(
      "Image data is not base64: its length is impossible, it was cut somewhere.",
    );
  }
  return data;
}

function checkUrl(url: unknown): string {
  if (typeof url !== "string" || !/^https?:\/\/[^\s/]/i.test(url)) {
    throw new InvalidArgumentError("An image URL must begin with http:// or https://.");
  }
  return url;
}
