/** What `import … from 'fettle'` gives. */
export * from './core/index.ts';
