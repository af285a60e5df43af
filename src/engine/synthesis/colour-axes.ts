/** More than any 3 x 3 matrix needs: each sweep takes what is left to its square. */
const sweeps = 12;

const pairs = [
  [0, 1],
  [0, 2],
  [1, 2],
] as const;

/** Rotates rows, or columns, `p` and `q` of a 3 x 3 matrix (a Givens rotation). */
const rotate = (
  matrix: Float64Array,
  { p, q, cos, sin, columns }: { p: number; q: number; cos: number; sin: number; columns: boolean },
): void => {
  const [across, along] = columns ? [1, 3] : [3, 1];
  for (let k = 0; k < 3; k++) {
    const [a, b] = [matrix[p * across + k * along]!, matrix[q * across + k * along]!];
    matrix[p * across + k * along] = cos * a - sin * b;
    matrix[q * across + k * along] = sin * a + cos * b;
  }
};

/**
 * The principal axes of colours: the eigenvectors of their covariance (Jacobi's method), orthonormal, in no order.
 * @param covariance 3 x 3, symmetric
 * @returns 3 x 3, row by row; column `k` is axis `k`
 */
export const colourAxes = (covariance: ArrayLike<number>): Float64Array => {
  const rest = Float64Array.from(covariance);
  const axes = Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
  for (let sweep = 0; sweep < sweeps; sweep++) {
    for (const [p, q] of pairs) {
      const shared = rest[3 * p + q]!;
      if (shared === 0) continue;
      const slope = (rest[4 * q]! - rest[4 * p]!) / (2 * shared);
      const tan = (slope < 0 ? -1 : 1) / (Math.abs(slope) + Math.hypot(slope, 1));
      const cos = 1 / Math.hypot(tan, 1);
      const angle = { p, q, cos, sin: tan * cos };
      rotate(rest, { ...angle, columns: true });
      rotate(rest, { ...angle, columns: false });
      rotate(axes, { ...angle, columns: true });
    }
  }
  return axes;
};
