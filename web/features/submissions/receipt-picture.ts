const WIDTH = 720;
const HEIGHT = 480;
const FONT = 'system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';

/** Draws a receipt, light in any theme because it is shown and printed, and returns it as a PNG data URL. */
export function drawReceipt(title: string, rows: [label: string, value: string][]): string {
  const canvas = document.createElement('canvas');
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  const pen = canvas.getContext('2d')!;
  const write = (text: string, y: number, size: number, colour: string, weight = 400) => {
    pen.fillStyle = colour;
    do pen.font = `${weight} ${size--}px ${FONT}`;
    while (pen.measureText(text).width > WIDTH - 80 && size > 12);
    pen.fillText(text, WIDTH / 2, y);
  };
  pen.fillStyle = '#ffffff';
  pen.fillRect(0, 0, WIDTH, HEIGHT);
  pen.fillStyle = '#0a5ba8';
  pen.fillRect(0, 0, WIDTH, 12);
  pen.textAlign = 'center';
  write(title, 92, 40, '#14713a', 600);
  rows.forEach(([label, value], index) => {
    const y = 170 + index * 140;
    write(label, y, 26, '#465262');
    write(value, y + 62, index ? 34 : 56, '#17202b', 600);
  });
  return canvas.toDataURL('image/png');
}
