export { createOcr, type Ocr, type OcrOptions, type OcrProgress } from './create-ocr.ts';
export type { OcrPage, OcrWord } from './ocr-page.ts';
export { pageText } from './page-text.ts';
