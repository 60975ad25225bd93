//! Convolution with stride 1 and padding 1 by Winograd's F(4×4, 3×3): 36 products where 144 stand.
//!
//! Source: Lavin and Gray, *Fast Algorithms for Convolutional Neural Networks* (arXiv 1509.09308).

#![expect(
    clippy::inline_always,
    reason = "only inlined do the loops see the vectors they are dispatched for"
)]

use pulp::NullaryFnOnce;
use rayon::prelude::*;

use super::matrix::multiply;
use super::planes::{Kernel, Planes, Spare, by_channel, room, split};
use crate::vector::in_vectors;

/// Outputs along one side of a tile.
const OUT: usize = 4;
/// Inputs along one side of a tile, and products.
const IN: usize = OUT + 2;
/// Tiles that are transformed and multiplied at once, if a picture has so many: their numbers then stay
/// in the processor's cache.
const TILES: usize = 360;

/// A convolution with stride 1 and padding 1.
#[derive(Debug)]
pub(crate) struct Winograd {
    /// The kernel transformed: `[outputs, inputs]` a product, `IN · IN` of them.
    kernels: Vec<Vec<f32>>,
    bias: Vec<f32>,
    inputs: usize,
}

impl Winograd {
    /// Transforms `kernel`, in f64.
    pub fn new(kernel: &Kernel) -> Self {
        let places = kernel.outputs * kernel.inputs;
        let mut transformed = vec![vec![0.0; places]; IN * IN];
        for (place, taps) in kernel.weights.as_chunks::<9>().0.iter().enumerate() {
            for (product, value) in transformed.iter_mut().zip(transform_kernel(taps)) {
                product[place] = value as f32;
            }
        }
        Self {
            kernels: transformed,
            bias: kernel.bias.clone(),
            inputs: kernel.inputs,
        }
    }

    /// `sum = relu(sum + conv(x))`; `sum` has `x`'s height and width.
    pub fn add_relu(&self, x: &Planes, sum: &mut Planes, spare: &Spare) {
        let across = x.width.div_ceil(OUT);
        let down = x.height.div_ceil(OUT);
        let rows = (TILES / across).clamp(1, down);
        // `[inputs, tiles]` a product.
        let most = [rows * across; IN * IN];
        let mut inputs = room(spare, self.inputs, most.into_iter());
        let outputs = self.bias.len();
        let mut products = room(spare, outputs, most.into_iter());
        for first in (0..down).step_by(rows) {
            let rows = rows.min(down - first);
            let tiles = rows * across;
            self.transform_inputs(x, first, tiles, &mut inputs);
            for ((kernel, input), product) in self.kernels.iter().zip(&inputs).zip(&mut products) {
                product.resize(outputs * tiles, 0.0);
                multiply([outputs, self.inputs, tiles], kernel, input, product);
            }
            self.add_outputs(&products, first, tiles, sum);
        }
        spare.keep_all(inputs);
        spare.keep_all(products);
    }

    /// Transforms the inputs of `tiles` tiles, whole rows from row `first` on.
    fn transform_inputs(&self, x: &Planes, first: usize, tiles: usize, inputs: &mut [Vec<f32>]) {
        let across = x.width.div_ceil(OUT);
        by_channel(inputs, self.inputs, |_| tiles)
            .par_iter_mut()
            .enumerate()
            .for_each(|(channel, products)| {
                for row in 0..tiles / across {
                    let top = (first + row) * OUT;
                    let rows = std::array::from_fn(|y| x.padded(channel, top + y));
                    let from = row * across;
                    in_vectors(Inputs {
                        rows,
                        from,
                        across,
                        products,
                    });
                }
            });
    }

    /// Transforms `products` back into the outputs of `tiles` tiles, whole rows from row `first` on, and
    /// adds them to `sum`.
    fn add_outputs(&self, products: &[Vec<f32>], first: usize, tiles: usize, sum: &mut Planes) {
        let (height, width) = (sum.height, sum.width);
        let across = width.div_ceil(OUT);
        sum.values
            .par_chunks_mut(height * width)
            .enumerate()
            .for_each(|(channel, plane)| {
                for row in 0..tiles / across {
                    let top = (first + row) * OUT;
                    let bottom = (top + OUT).min(height);
                    let product =
                        |p: usize| &products[p][channel * tiles + row * across..][..across];
                    let plane = &mut plane[top * width..bottom * width];
                    let bias = self.bias[channel];
                    in_vectors(Outputs {
                        product,
                        bias,
                        width,
                        plane,
                    });
                }
            });
    }
}

/// A row of tiles on its way in: see [`transform_input`].
struct Inputs<'a, 'b> {
    rows: [Option<&'a [f32]>; IN],
    from: usize,
    across: usize,
    products: &'a mut [&'b mut [f32]],
}

impl NullaryFnOnce for Inputs<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        transform_input(self.rows, self.from, self.across, self.products);
    }
}

/// A row of tiles on its way out: see [`transform_output`].
struct Outputs<'a, F> {
    product: F,
    bias: f32,
    width: usize,
    plane: &'a mut [f32],
}

impl<'a, F: Fn(usize) -> &'a [f32]> NullaryFnOnce for Outputs<'a, F> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        transform_output(self.product, self.bias, self.width, self.plane);
    }
}

/// `G g Gᵀ` of one kernel.
fn transform_kernel(taps: &[f32; 9]) -> [f64; IN * IN] {
    const G: [[f64; 3]; IN] = [
        [1.0 / 4.0, 0.0, 0.0],
        [-1.0 / 6.0, -1.0 / 6.0, -1.0 / 6.0],
        [-1.0 / 6.0, 1.0 / 6.0, -1.0 / 6.0],
        [1.0 / 24.0, 1.0 / 12.0, 1.0 / 6.0],
        [1.0 / 24.0, -1.0 / 12.0, 1.0 / 6.0],
        [0.0, 0.0, 1.0],
    ];
    let mut out = [0.0; IN * IN];
    for i in 0..IN {
        for j in 0..IN {
            for y in 0..3 {
                for x in 0..3 {
                    out[i * IN + j] += G[i][y] * G[j][x] * f64::from(taps[y * 3 + x]);
                }
            }
        }
    }
    out
}

/// `Bᵀ d` along one axis.
#[inline(always)]
fn mix_input(d: [f32; IN]) -> [f32; IN] {
    let [d0, d1, d2, d3, d4, d5] = d;
    let (a, b) = (d4 - 4.0 * d2, d3 - 4.0 * d1);
    let (c, e) = (d4 - d2, 2.0 * (d3 - d1));
    [
        4.0 * d0 - 5.0 * d2 + d4,
        a + b,
        a - b,
        c + e,
        c - e,
        4.0 * d1 - 5.0 * d3 + d5,
    ]
}

/// `Aᵀ m` along one axis.
#[inline(always)]
fn mix_output(m: [f32; IN]) -> [f32; OUT] {
    let [m0, m1, m2, m3, m4, m5] = m;
    let (a, b) = (m1 + m2, m1 - m2);
    let (c, d) = (m3 + m4, m3 - m4);
    [m0 + a + c, b + 2.0 * d, a + 4.0 * c, b + 8.0 * d + m5]
}

/// `Bᵀ d B` of a row of `across` tiles, whose inputs are `rows` (none where padding lies); product `p` of
/// the row's tile `t` goes to `products[p][from + t]`.
#[inline(always)]
fn transform_input(
    rows: [Option<&[f32]>; IN],
    from: usize,
    across: usize,
    products: &mut [&mut [f32]],
) {
    // The columns of every fourth tile input stand side by side, so that tiles are worked on in step:
    // `phases[y][j][t]` is column `4 t + j − 1` of row `y`.
    let mut phases = vec![0.0_f32; IN * OUT * (across + 1)];
    for (row, phases) in rows.iter().zip(phases.chunks_exact_mut(OUT * (across + 1))) {
        let Some(row) = row else { continue };
        let (p0, rest) = phases.split_at_mut(across + 1);
        let (p1, rest) = rest.split_at_mut(across + 1);
        let (p2, p3) = rest.split_at_mut(across + 1);
        let (whole, tail) = row.as_chunks::<OUT>();
        let steps = p0[1..]
            .iter_mut()
            .zip(p1.iter_mut())
            .zip(p2.iter_mut())
            .zip(p3.iter_mut());
        for ((((p0, p1), p2), p3), four) in steps.zip(whole) {
            [*p1, *p2, *p3, *p0] = *four;
        }
        for (phase, &value) in [p1, p2, p3].into_iter().zip(tail) {
            phase[whole.len()] = value;
        }
    }
    let phase =
        |y: usize, j: usize| &phases[(y * OUT + j % OUT) * (across + 1) + j / OUT..][..across];
    // Down the rows first: six mixed rows for each of the six columns of a tile.
    let mut mixed = vec![0.0_f32; IN * IN * across];
    for (j, mixed) in mixed.chunks_exact_mut(IN * across).enumerate() {
        let column: [&[f32]; IN] = std::array::from_fn(|y| phase(y, j));
        let mut out = split::<IN>(mixed, across);
        for t in 0..across {
            let values = mix_input(std::array::from_fn(|y| column[y][t]));
            for (out, value) in out.iter_mut().zip(values) {
                out[t] = value;
            }
        }
    }
    for (i, products) in products.chunks_exact_mut(IN).enumerate() {
        let row: [&[f32]; IN] = std::array::from_fn(|j| &mixed[(j * IN + i) * across..][..across]);
        let mut products = products.iter_mut();
        let mut out: [&mut [f32]; IN] = std::array::from_fn(|_| {
            let product = products.next().expect("a product a place");
            &mut product[from..from + across]
        });
        for t in 0..across {
            let values = mix_input(std::array::from_fn(|j| row[j][t]));
            for (out, value) in out.iter_mut().zip(values) {
                out[t] = value;
            }
        }
    }
}

/// `Aᵀ m A` of a row of tiles: added to `plane`, with `bias`, and cut at zero. `plane` holds up to `OUT`
/// rows of `width` columns.
#[inline(always)]
fn transform_output<'a>(
    product: impl Fn(usize) -> &'a [f32],
    bias: f32,
    width: usize,
    plane: &mut [f32],
) {
    let across = product(0).len();
    let mut mixed = vec![0.0_f32; IN * OUT * across];
    for (j, mixed) in mixed.chunks_exact_mut(OUT * across).enumerate() {
        let column: [&[f32]; IN] = std::array::from_fn(|i| product(i * IN + j));
        let mut out = split::<OUT>(mixed, across);
        for t in 0..across {
            let values = mix_output(std::array::from_fn(|i| column[i][t]));
            for (out, value) in out.iter_mut().zip(values) {
                out[t] = value;
            }
        }
    }
    for (y, line) in plane.chunks_exact_mut(width).enumerate() {
        let row: [&[f32]; IN] = std::array::from_fn(|j| &mixed[(j * OUT + y) * across..][..across]);
        let (whole, tail) = line.as_chunks_mut::<OUT>();
        for (t, four) in whole.iter_mut().enumerate() {
            let values = mix_output(std::array::from_fn(|j| row[j][t]));
            for (sum, value) in four.iter_mut().zip(values) {
                *sum = (*sum + value + bias).max(0.0);
            }
        }
        if !tail.is_empty() {
            let last = across - 1;
            let values = mix_output(std::array::from_fn(|j| row[j][last]));
            for (sum, value) in tail.iter_mut().zip(values) {
                *sum = (*sum + value + bias).max(0.0);
            }
        }
    }
}
