/** Width and height in pixels. */
export interface PixelSize {
  readonly width: number;
  readonly height: number;
}

/** What a provider has published about the tokens that one image costs. */
export interface TokenRule {
  readonly name: string;
  /** Which models count so. */
  readonly models: string;
  /** Title of the page that states the rule, and the day on which the rule was last compared with it. */
  readonly source: { readonly title: string; readonly checked: string };
  /** True where the provider calls its own rule approximate, or names an upper bound only. */
  readonly approximate: boolean;
  /** Whole tokens of one image of that size. */
  tokens(size: PixelSize): number;
}

/** The size after shrinking by one factor; nothing is enlarged, nothing rounded. */
export function shrunk({ width, height }: PixelSize, factor: number): PixelSize {
  const scale = Math.min(1, factor);
  return { width: width * scale, height: height * scale };
}
