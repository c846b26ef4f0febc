export * from './event.ts';
export * from './job.ts';
export * from './request.ts';
