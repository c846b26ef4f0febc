export type { ClipInfo } from './clip-files.ts';
export { createClip, type CreateClipOptions } from './create-clip.ts';
export { type Clip, openClip, type OpenClipOptions } from './open-clip.ts';
