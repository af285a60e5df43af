export type Vector = readonly [number, number, number];
/** Three rows. */
export type Matrix = readonly [Vector, Vector, Vector];

export const multiply = (a: Matrix, b: Matrix): Matrix =>
  a.map(([x, y, z]) =>
    [0, 1, 2].map((column) => x * b[0][column]! + y * b[1][column]! + z * b[2][column]!),
  ) as unknown as Matrix;

/** NaN and infinities where there is no inverse. */
export const invert = ([[a, b, c], [d, e, f], [g, h, i]]: Matrix): Matrix => {
  const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  const rows = [
    [e * i - f * h, c * h - b * i, b * f - c * e],
    [f * g - d * i, a * i - c * g, c * d - a * f],
    [d * h - e * g, b * g - a * h, a * e - b * d],
  ];
  return rows.map((row) => row.map((value) => value / determinant)) as unknown as Matrix;
};

export const isFinite3 = (matrix: Matrix): boolean => matrix.every((row) => row.every(Number.isFinite));
