/**
 * Reading: folders, archives and single files as trees of entries; rows of JSON Lines, JSON, CSV, TSV and Parquet;
 * images as lazily loaded, checked blobs; fetching of data sets with verification.
 */
export { defaultArchiveLimits, type ArchiveLimits } from './archives/archive-limits.ts';
export { extractArchive, type Extracted, type ExtractOptions } from './archives/extract-archive.ts';
export { byteCount } from './bytes/byte-count.ts';
export type { ByteSource } from './bytes/byte-source.ts';
export { bytesSource } from './bytes/bytes-source.ts';
export { decompressed } from './bytes/decompress.ts';
export { fileSource } from './bytes/file-source.ts';
export { download, type Downloaded, type DownloadOptions, type DownloadProgress } from './fetch/download.ts';
export { withFileLock } from './fetch/file-lock.ts';
export { cacheFolder, dataFolder } from './fetch/folders.ts';
export {
  Hub,
  hubEndpoint,
  hubFileUrl,
  type HubFile,
  type HubOptions,
  type HubRepo,
  type HubTree,
} from './fetch/hub.ts';
export { pullSource, sourceUrl, type PullOptions, type PullProgress } from './fetch/pull-source.ts';
export { fetchFromWheel, type WheelFile } from './fetch/pypi.ts';
export { readSourceRecord, sourceRecordName, type SourceRecord } from './fetch/source-record.ts';
export * from './forget/index.ts';
export { decodeImage, type DecodeOptions } from './images/decode-image.ts';
export { classWords } from './image-sets/class-words.ts';
export type { ImageItem, ImageSet, ImageSetForm, OpenImageSetOptions, SplitName } from './image-sets/image-set.ts';
export { hashImageItems } from './image-sets/hash-image-items.ts';
export { openImageSet } from './image-sets/open-image-set.ts';
export { splitName } from './image-sets/split-name.ts';
export { bytesImage, cellImage, entryImage, fileImage, treeImage } from './images/images.ts';
export { inspectImage, type ImageFacts, type ImageLimits } from './images/inspect-image.ts';
export { lazyImage } from './images/lazy-image.ts';
export { toPlanes, type PixelImage } from './images/pixel-image.ts';
export { resizeLikePil, type ImageSize, type ImageWindow } from './images/resize-like-pil.ts';
export { thumbnail, type Thumbnail } from './images/thumbnail.ts';
export { centerCrop, toSquare } from './images/to-square.ts';
export * from './ocr/index.ts';
export { parsePythonLiteral, type PythonLiteralOptions } from './python-literal.ts';
export { binaryCell, cellBytes } from './rows/binary-cell.ts';
export { formatOfName } from './rows/detect-format.ts';
export { readJson } from './rows/read-json.ts';
export { openRows, readRowBatches, readRows } from './rows/read-rows.ts';
export { readText } from './rows/read-text.ts';
export type { ReadRowsOptions, Row, RowFormat, ValueRow } from './rows/row.ts';
export { samplesFromRows, type SamplesFromRowsOptions } from './rows-to-samples.ts';
export type { DataEntry, DataTree } from './tree/data-tree.ts';
export { nearestNames } from './tree/nearest-names.ts';
export { openData, openSource, type OpenDataOptions } from './tree/open-data.ts';
export { childText, readXml, type ReadXmlOptions, type XmlElement } from './xml/index.ts';
