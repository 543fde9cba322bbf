/** Content blocks that hold what is not prose: images, documents, search results, uploaded files. */
import * as v from "valibot";
import { cacheControlSchema, textBlockSchema } from "./content-text.js";
import { dispatch, open, stringOr, typed, unknownNameSchema } from "./wire-schema.js";

/** The image formats that the Messages API takes. */
export const imageMediaTypes = ["image/jpeg", "image/png", "image/gif", "image/webp"] as const;

/** One of {@link imageMediaTypes}. */
export type ImageMediaType = (typeof imageMediaTypes)[number];

/** A source of a kind that this version does not know. */
export const unknownSourceSchema = v.looseObject({ type: unknownNameSchema });

const urlSource = typed("url", { url: v.string() });
const fileSource = typed("file", { file_id: v.string() });

/** Where the bytes of an image are: in the block as base64, at a URL, or in an uploaded file. */
export const imageSourceSchema = dispatch(
  "type",
  {
    base64: typed("base64", { media_type: v.nullish(open<ImageMediaType>()), data: v.string() }),
    url: urlSource,
    file: fileSource,
  },
  unknownSourceSchema,
);

/** Type of {@link imageSourceSchema}. */
export type ImageSource = v.InferOutput<typeof imageSourceSchema>;

/** An image. */
export const imageBlockSchema = typed("image", {
  source: imageSourceSchema,
  cache_control: v.nullish(cacheControlSchema),
});

/** Type of {@link imageBlockSchema}. */
export interface ImageBlock extends v.InferOutput<typeof imageBlockSchema> {}

const sourcePart = dispatch(
  "type",
  { text: textBlockSchema, image: imageBlockSchema },
  v.looseObject({ type: unknownNameSchema }),
);

/** Where a document's content is: base64 (PDF), plain text, nested blocks, a URL or an uploaded file. */
export const documentSourceSchema = dispatch(
  "type",
  {
    base64: typed("base64", { media_type: v.nullish(open<"application/pdf">()), data: v.string() }),
    text: typed("text", { media_type: v.nullish(open<"text/plain">()), data: v.string() }),
    content: typed("content", { content: stringOr(v.array(sourcePart)) }),
    url: urlSource,
    file: fileSource,
  },
  unknownSourceSchema,
);

/** Type of {@link documentSourceSchema}. */
export type DocumentSource = v.InferOutput<typeof documentSourceSchema>;

/** A document, most often a PDF. */
export const documentBlockSchema = typed("document", {
  source: documentSourceSchema,
  title: v.nullish(v.string()),
  context: v.nullish(v.string()),
  citations: v.nullish(v.looseObject({ enabled: v.nullish(v.boolean()) })),
  cache_control: v.nullish(cacheControlSchema),
});

/** Type of {@link documentBlockSchema}. */
export interface DocumentBlock extends v.InferOutput<typeof documentBlockSchema> {}

/** One result of a search that the caller ran itself, offered to the model for citing. */
export const searchResultBlockSchema = typed("search_result", {
  source: v.nullish(v.string()),
  title: v.nullish(v.string()),
  content: v.nullish(v.array(textBlockSchema)),
  citations: v.nullish(v.looseObject({ enabled: v.nullish(v.boolean()) })),
  cache_control: v.nullish(cacheControlSchema),
});

/** Type of {@link searchResultBlockSchema}. */
export interface SearchResultBlock extends v.InferOutput<typeof searchResultBlockSchema> {}

/** A file that was put into the container of the code-execution tool. */
export const containerUploadBlockSchema = typed("container_upload", {
  file_id: v.nullish(v.string()),
});

/** Type of {@link containerUploadBlockSchema}. */
export interface ContainerUploadBlock extends v.InferOutput<typeof containerUploadBlockSchema> {}
