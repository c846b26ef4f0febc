/** A bar chart of ours, for tests: a title, a turned axis title, ticks and values over bars. */
export interface DrawnChart {
  readonly title: string;
  readonly axis?: string;
  readonly bars: readonly (readonly [label: string, value: number])[];
}

export type DrawnType = 'png' | 'jpeg' | 'webp';

const size = { width: 720, height: 480 };
const barWidth = 60;

/** The picture's bytes. Text needs a font on this machine: see `canDrawText`. */
export async function drawChart({ title, axis = '', bars }: DrawnChart, type: DrawnType = 'png'): Promise<Buffer> {
  const greatest = Math.max(1, ...bars.map(([, value]) => value));
  const shapes = bars.map(([label, value], i) => {
    const x = 130 + i * 140;
    const height = Math.round((260 * value) / greatest);
    const middle = x + barWidth / 2;
    return [
      `<rect x="${x}" y="${400 - height}" width="${barWidth}" height="${height}" fill="#47a"/>`,
      text(middle, 400 - height - 12, String(value)),
      text(middle, 432, label),
    ].join('');
  });
  const turned = `<g transform="translate(40 240) rotate(-90)">${text(0, 0, axis)}</g>`;
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}"><rect width="100%" height="100%" fill="#fff"/>${text(360, 48, title)}${turned}${shapes.join('')}</svg>`;
  const { default: sharp } = await import('sharp');
  return sharp(Buffer.from(drawing)).toFormat(type).toBuffer();
}

function text(x: number, y: number, words: string): string {
  return `<text x="${x}" y="${y}" font-family="sans-serif" font-size="22" text-anchor="middle" fill="#222">${words}</text>`;
}

/** False on machines without fonts, where texts are drawn as nothing. */
export async function canDrawText(): Promise<boolean> {
  const { default: sharp } = await import('sharp');
  const { channels } = await sharp(await drawChart({ title: 'Fonts', bars: [] })).stats();
  return channels.some(({ min }) => min < 200);
}
