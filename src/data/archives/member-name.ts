import { FettleError } from '../../core/index.ts';

export interface MemberName {
  /** With `/`, without `.` segments: what the member is called here. */
  readonly path: string;
  readonly isFolder: boolean;
}

/**
 * Makes a member's name a relative path with `/`. Backslashes count as separators.
 * Names that could mean a place outside (`..`, absolute, drive letters) or do things to a terminal (control characters) give a FettleError `archive-unsafe`.
 */
export function memberName(raw: string, archive: string): MemberName {
  const name = raw.replaceAll('\\', '/');
  const why = hasControlCharacter(name)
    ? 'it holds a control character'
    : name.startsWith('/')
      ? 'it is absolute'
      : /^[A-Za-z]:/.test(name)
        ? 'it names a drive'
        : name.split('/').includes('..')
          ? 'it climbs out of the archive'
          : name === ''
            ? 'it is empty'
            : undefined;
  if (why !== undefined) {
    const shown = JSON.stringify(raw.slice(0, 200));
    throw new FettleError(`${archive} is refused: the name of member ${shown} is not safe, ${why}`, {
      code: 'archive-unsafe',
      where: archive,
      hint: 'Honest archives hold no such names. Get the archive from its official place.',
    });
  }
  return {
    path: name
      .split('/')
      .filter((segment) => segment !== '' && segment !== '.')
      .join('/'),
    isFolder: name.endsWith('/'),
  };
}

/** True for NUL, escape and their like, also DEL and the C1 set: they cut names short or steer terminals. */
export function hasControlCharacter(name: string): boolean {
  return /\p{Cc}/u.test(name);
}

/** True for names that Windows takes for a device, a stream or another name. */
export function isWindowsTrap(path: string): boolean {
  return path.split('/').some((segment) => /[<>:"|?*]|[. ]$|^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i.test(segment));
}

/** True for what desktops leave behind: `__MACOSX/`, `.DS_Store`, `._name`, `Thumbs.db`, `desktop.ini`. */
export function isClutter(path: string): boolean {
  return path
    .split('/')
    .some(
      (segment) =>
        segment === '__MACOSX' ||
        segment === '.DS_Store' ||
        segment === 'Thumbs.db' ||
        segment === 'desktop.ini' ||
        segment.startsWith('._'),
    );
}
