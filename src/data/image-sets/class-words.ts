/** A class name as words for a text: `aquarium_fish` → "aquarium fish". */
export function classWords(name: string): string {
  return name.replaceAll(/[_\s]+/g, ' ').trim();
}
