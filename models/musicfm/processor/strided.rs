//! Two convolutions of the same input with stride 2 and padding 1.
//!
//! Along one axis an output is made of two odd inputs (the outer taps) and one even input (the middle tap).
//! Four outputs' outer taps take five products by Winograd's F(4, 2) where eight stand, and the middle tap
//! takes four. Along both axes that makes 81 products for 16 outputs where 144 stand. Both convolutions'
//! kernels stand one below the other in each product.
//!
//! Source: as in `winograd`; the points are 0, 1, −1, 2 and infinity.

#![expect(
    clippy::inline_always,
    reason = "only inlined do the loops see the vectors they are dispatched for"
)]

use pulp::NullaryFnOnce;
use rayon::prelude::*;

use super::matrix::multiply;
use super::planes::{Kernel, Planes, Spare, by_channel, room, split};
use crate::vector::in_vectors;

/// Outputs along one side of a tile, and products of the middle tap.
const OUT: usize = 4;
/// Products of the outer taps along one side of a tile.
const ODD: usize = OUT + 1;
/// Inputs along one side of a tile.
const IN: usize = 2 * OUT + 1;
/// Columns from one tile to the next.
const STEP: usize = 2 * OUT;
/// Tiles that are worked on at once, if a picture has so many.
const TILES: usize = 188;
/// Kernels: outer taps along both axes, along the rows' axis, along the columns' axis, the middle tap.
const KERNELS: usize = ODD * ODD + ODD + ODD + 1;
/// Place of the first kernel of outer rows and middle columns.
const ODD_EVEN: usize = ODD * ODD;
/// Place of the first kernel of middle rows and outer columns.
const EVEN_ODD: usize = ODD_EVEN + ODD;
/// Place of the kernel of the middle tap.
const EVEN_EVEN: usize = EVEN_ODD + ODD;

/// How many products of each tile the kernel at `place` serves.
const fn served(place: usize) -> usize {
    match place {
        0..ODD_EVEN => 1,
        ODD_EVEN..EVEN_EVEN => OUT,
        _ => OUT * OUT,
    }
}

/// Two convolutions with stride 2.
#[derive(Debug)]
pub(crate) struct Strided {
    form: Form,
    /// Of both, `[2 · outputs]`.
    bias: Vec<f32>,
}

#[derive(Debug)]
enum Form {
    /// Of one channel, where a product would be a mere column times a row: `[2 · outputs, 9]`.
    Single(Vec<[f32; 9]>),
    /// Of several: `[2 · outputs, inputs]` a kernel.
    Several(Vec<Vec<f32>>),
}

impl Strided {
    /// Joins two kernels of the same sizes; transforms in f64.
    pub fn new(first: &Kernel, second: &Kernel) -> Self {
        let taps = [first.weights.as_slice(), &second.weights].concat();
        let taps = taps.as_chunks::<9>().0;
        let form = if first.inputs == 1 {
            Form::Single(taps.to_vec())
        } else {
            let mut kernels = vec![vec![0.0; taps.len()]; KERNELS];
            for (place, taps) in taps.iter().enumerate() {
                for (kernel, value) in kernels.iter_mut().zip(transform_kernel(taps)) {
                    kernel[place] = value as f32;
                }
            }
            Form::Several(kernels)
        };
        Self {
            form,
            bias: [first.bias.as_slice(), &second.bias].concat(),
        }
    }

    /// `(relu(first(x)), second(x))`
    pub fn forward(&self, x: &Planes, spare: &Spare) -> (Planes, Planes) {
        let (height, width) = (x.height.div_ceil(2), x.width.div_ceil(2));
        let outputs = self.bias.len() / 2;
        let empty = || Planes {
            channels: outputs,
            height,
            width,
            values: spare.take(outputs * height * width),
        };
        let mut both = [empty(), empty()];
        match &self.form {
            Form::Single(taps) => self.single(taps, x, &mut both),
            Form::Several(kernels) => self.several(kernels, x, &mut both, spare),
        }
        both.into()
    }

    /// Row by row, tap by tap.
    fn single(&self, taps: &[[f32; 9]], x: &Planes, both: &mut [Planes; 2]) {
        let (height, width) = (both[0].height, both[0].width);
        let mut columns = vec![0.0; height * 9 * width];
        columns
            .par_chunks_mut(9 * width)
            .enumerate()
            .for_each(|(row, columns)| {
                for (dy, columns) in columns.chunks_exact_mut(3 * width).enumerate() {
                    if let Some(y) = (2 * row + dy).checked_sub(1).filter(|&y| y < x.height) {
                        gather(x.row(0, y), width, columns);
                    }
                }
            });
        self.each_channel(both, |channel, floor, plane| {
            let (taps, bias) = (&taps[channel], self.bias[channel]);
            let rows = plane
                .chunks_exact_mut(width)
                .zip(columns.chunks_exact(9 * width));
            for (out, columns) in rows {
                let columns: [&[f32]; 9] =
                    std::array::from_fn(|tap| &columns[tap * width..][..width]);
                in_vectors(Taps {
                    columns,
                    weights: taps,
                    bias,
                    floor,
                    out,
                });
            }
        });
    }

    /// Tile by tile, through products.
    fn several(&self, kernels: &[Vec<f32>], x: &Planes, both: &mut [Planes; 2], spare: &Spare) {
        let (height, width) = (both[0].height, both[0].width);
        let (across, down) = (width.div_ceil(OUT), height.div_ceil(OUT));
        let rows = (TILES / across).clamp(1, down);
        let most = |place| served(place) * rows * across;
        let mut inputs = room(spare, x.channels, (0..KERNELS).map(most));
        let outputs = self.bias.len();
        let mut products = room(spare, outputs, (0..KERNELS).map(most));
        for first in (0..down).step_by(rows) {
            let rows = rows.min(down - first);
            let tiles = rows * across;
            transform_inputs(x, first, tiles, across, &mut inputs);
            for (place, kernel) in kernels.iter().enumerate() {
                let columns = served(place) * tiles;
                let (input, product) = (&inputs[place], &mut products[place]);
                product.resize(outputs * columns, 0.0);
                multiply([outputs, x.channels, columns], kernel, input, product);
            }
            self.each_channel(both, |channel, floor, plane| {
                for row in 0..rows {
                    let top = (first + row) * OUT;
                    let bottom = (top + OUT).min(height);
                    let product = |place: usize, n: usize| {
                        let start = (channel * served(place) + n) * tiles + row * across;
                        &products[place][start..start + across]
                    };
                    let plane = &mut plane[top * width..bottom * width];
                    let bias = self.bias[channel];
                    in_vectors(Outputs {
                        product,
                        bias,
                        floor,
                        width,
                        plane,
                    });
                }
            });
        }
        spare.keep_all(inputs);
        spare.keep_all(products);
    }

    /// Lets `work` fill each plane: its channel among all, the least value it may hold, the plane.
    fn each_channel(&self, both: &mut [Planes; 2], work: impl Fn(usize, f32, &mut [f32]) + Sync) {
        let outputs = self.bias.len() / 2;
        for (which, planes) in both.iter_mut().enumerate() {
            let floor = [0.0, f32::NEG_INFINITY][which];
            let size = planes.height * planes.width;
            planes
                .values
                .par_chunks_mut(size)
                .enumerate()
                .for_each(|(channel, plane)| work(which * outputs + channel, floor, plane));
        }
    }
}

/// A row of outputs of one channel from what its nine taps meet.
struct Taps<'a> {
    columns: [&'a [f32]; 9],
    weights: &'a [f32; 9],
    bias: f32,
    floor: f32,
    out: &'a mut [f32],
}

impl NullaryFnOnce for Taps<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let len = self.out.len();
        let columns = self.columns.map(|column| &column[..len]);
        for (t, out) in self.out.iter_mut().enumerate() {
            let mut sum = self.bias;
            for (column, weight) in columns.iter().zip(self.weights) {
                sum += column[t] * weight;
            }
            *out = if sum > self.floor { sum } else { self.floor };
        }
    }
}

/// A row of tiles on its way in: see [`transform_input`].
struct Inputs<'a, 'b> {
    rows: [Option<&'a [f32]>; IN],
    from: usize,
    tiles: usize,
    across: usize,
    products: &'a mut [&'b mut [f32]],
}

impl NullaryFnOnce for Inputs<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        transform_input(self.rows, self.from, self.tiles, self.across, self.products);
    }
}

/// A row of tiles on its way out: see [`transform_output`].
struct Outputs<'a, F> {
    product: F,
    bias: f32,
    floor: f32,
    width: usize,
    plane: &'a mut [f32],
}

impl<'a, F: Fn(usize, usize) -> &'a [f32]> NullaryFnOnce for Outputs<'a, F> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        transform_output(self.product, self.bias, self.floor, self.width, self.plane);
    }
}

/// The columns that the three taps of a row meet: `2 t − 1`, `2 t` and `2 t + 1`, each `[width]`.
fn gather(row: &[f32], width: usize, columns: &mut [f32]) {
    let [left, middle, right] = split::<3>(columns, width);
    for (t, pair) in row.chunks(2).enumerate() {
        middle[t] = pair[0];
        if let Some(&odd) = pair.get(1) {
            right[t] = odd;
            if t + 1 < width {
                left[t + 1] = odd;
            }
        }
    }
}

/// The kernels of one pair of channels, in the order of their places.
fn transform_kernel(taps: &[f32; 9]) -> [f64; KERNELS] {
    const G: [[f64; 2]; ODD] = [
        [1.0 / 2.0, 0.0],
        [-1.0 / 2.0, -1.0 / 2.0],
        [-1.0 / 6.0, 1.0 / 6.0],
        [1.0 / 6.0, 2.0 / 6.0],
        [0.0, 1.0],
    ];
    let tap = |y: usize, x: usize| f64::from(taps[3 * y + x]);
    // `outer(i, f)` mixes the outer taps `f(0)` and `f(2)`.
    let outer = |i: usize, f: &dyn Fn(usize) -> f64| G[i][0] * f(0) + G[i][1] * f(2);
    let mut out = [0.0; KERNELS];
    for i in 0..ODD {
        for j in 0..ODD {
            out[i * ODD + j] = outer(i, &|y| outer(j, &|x| tap(y, x)));
        }
        out[ODD_EVEN + i] = outer(i, &|y| tap(y, 1));
        out[EVEN_ODD + i] = outer(i, &|x| tap(1, x));
    }
    out[EVEN_EVEN] = tap(1, 1);
    out
}

/// `Bᵀ d` along one axis, of odd inputs.
#[inline(always)]
fn mix_input(d: [f32; ODD]) -> [f32; ODD] {
    let [d0, d1, d2, d3, d4] = d;
    [
        2.0 * (d0 - d2) + d3 - d1,
        d3 - d2 - 2.0 * d1,
        2.0 * d1 - 3.0 * d2 + d3,
        d3 - d1,
        2.0 * (d1 - d3) + d4 - d2,
    ]
}

/// `Aᵀ m` along one axis.
#[inline(always)]
fn mix_output(m: [f32; ODD]) -> [f32; OUT] {
    let [m0, m1, m2, m3, m4] = m;
    let (a, b) = (m1 + m2, m1 - m2);
    [m0 + a + m3, b + 2.0 * m3, a + 4.0 * m3, b + 8.0 * m3 + m4]
}

/// Transforms the inputs of `tiles` tiles, whole rows of `across` from row `first` on: `inputs` becomes
/// `[channels, served · tiles]` a kernel.
fn transform_inputs(
    x: &Planes,
    first: usize,
    tiles: usize,
    across: usize,
    inputs: &mut [Vec<f32>],
) {
    by_channel(inputs, x.channels, |place| served(place) * tiles)
        .par_iter_mut()
        .enumerate()
        .for_each(|(channel, products)| {
            for row in 0..tiles / across {
                let top = (first + row) * STEP;
                let rows = std::array::from_fn(|y| x.padded(channel, top + y));
                let from = row * across;
                in_vectors(Inputs {
                    rows,
                    from,
                    tiles,
                    across,
                    products,
                });
            }
        });
}

/// A row of `across` tiles, whose inputs are `rows` (none where padding lies): the `n`-th product that
/// kernel `p` serves goes to `products[p][n · tiles + from + t]` for the row's tile `t`.
#[inline(always)]
fn transform_input(
    rows: [Option<&[f32]>; IN],
    from: usize,
    tiles: usize,
    across: usize,
    products: &mut [&mut [f32]],
) {
    // The columns of every eighth input stand side by side: `phases[y][j][t + 1]` is column `8 t + j` of
    // row `y`.
    let side = across + 1;
    let mut phases = vec![0.0_f32; IN * STEP * side];
    for (row, phases) in rows.iter().zip(phases.chunks_exact_mut(STEP * side)) {
        let Some(row) = row else { continue };
        let mut phases = split::<STEP>(phases, side);
        let (whole, tail) = row.as_chunks::<STEP>();
        for (t, eight) in whole.iter().enumerate() {
            for (phase, value) in phases.iter_mut().zip(eight) {
                phase[t + 1] = *value;
            }
        }
        for (phase, value) in phases.iter_mut().zip(tail) {
            phase[whole.len() + 1] = *value;
        }
    }
    let phase = |y: usize, j: usize, t: usize| &phases[(y * STEP + j) * side + t..][..across];
    // Five odd columns, then four even ones.
    let column = |y: usize, c: usize| match c {
        0 => phase(y, STEP - 1, 0),
        1..ODD => phase(y, 2 * c - 1, 1),
        _ => phase(y, 2 * (c - ODD), 1),
    };
    // Down the odd rows.
    let mut mixed = vec![0.0_f32; IN * ODD * across];
    for (c, mixed) in mixed.chunks_exact_mut(ODD * across).enumerate() {
        let odd: [&[f32]; ODD] = std::array::from_fn(|i| column(2 * i, c));
        let mut out = split::<ODD>(mixed, across);
        for t in 0..across {
            let values = mix_input(std::array::from_fn(|i| odd[i][t]));
            for (out, value) in out.iter_mut().zip(values) {
                out[t] = value;
            }
        }
    }
    let mixed = |i: usize, c: usize| &mixed[(c * ODD + i) * across..][..across];
    for i in 0..ODD {
        let odd: [&[f32]; ODD] = std::array::from_fn(|j| mixed(i, j));
        mix_columns(odd, from, &mut products[i * ODD..][..ODD]);
        for j in 0..OUT {
            products[ODD_EVEN + i][j * tiles + from..][..across].copy_from_slice(mixed(i, ODD + j));
        }
    }
    for i in 0..OUT {
        let y = 2 * i + 1;
        let odd: [&[f32]; ODD] = std::array::from_fn(|j| column(y, j));
        mix_columns(odd, i * tiles + from, &mut products[EVEN_ODD..][..ODD]);
        for j in 0..OUT {
            let start = (i * OUT + j) * tiles + from;
            products[EVEN_EVEN][start..][..across].copy_from_slice(column(y, ODD + j));
        }
    }
}

/// `Bᵀ d` across, to `products[j][start + t]`.
#[inline(always)]
fn mix_columns(odd: [&[f32]; ODD], start: usize, products: &mut [&mut [f32]]) {
    let across = odd[0].len();
    let mut products = products.iter_mut();
    let mut out: [&mut [f32]; ODD] = std::array::from_fn(|_| {
        let product = products.next().expect("a product a place");
        &mut product[start..start + across]
    });
    for t in 0..across {
        let values = mix_input(std::array::from_fn(|j| odd[j][t]));
        for (out, value) in out.iter_mut().zip(values) {
            out[t] = value;
        }
    }
}

/// The outputs of a row of tiles, with `bias`, cut at `floor`; `product(p, n)` is the `n`-th product that
/// kernel `p` served, and `plane` holds up to `OUT` rows of `width` columns.
#[inline(always)]
fn transform_output<'a>(
    product: impl Fn(usize, usize) -> &'a [f32],
    bias: f32,
    floor: f32,
    width: usize,
    plane: &mut [f32],
) {
    let across = product(0, 0).len();
    // Down the rows: five columns to be mixed, then four that stand as they are.
    let mut mixed = vec![0.0_f32; IN * OUT * across];
    for (c, mixed) in mixed.chunks_exact_mut(OUT * across).enumerate() {
        let (odd, even): ([&[f32]; ODD], [&[f32]; OUT]) = if c < ODD {
            (
                std::array::from_fn(|i| product(i * ODD + c, 0)),
                std::array::from_fn(|y| product(EVEN_ODD + c, y)),
            )
        } else {
            let j = c - ODD;
            (
                std::array::from_fn(|i| product(ODD_EVEN + i, j)),
                std::array::from_fn(|y| product(EVEN_EVEN, y * OUT + j)),
            )
        };
        let mut out = split::<OUT>(mixed, across);
        for t in 0..across {
            let values = mix_output(std::array::from_fn(|i| odd[i][t]));
            for ((out, even), value) in out.iter_mut().zip(even).zip(values) {
                out[t] = value + even[t];
            }
        }
    }
    for (y, line) in plane.chunks_exact_mut(width).enumerate() {
        let column: [&[f32]; IN] =
            std::array::from_fn(|c| &mixed[(c * OUT + y) * across..][..across]);
        let outputs = |t: usize| -> [f32; OUT] {
            let odd = mix_output(std::array::from_fn(|j| column[j][t]));
            std::array::from_fn(|x| (odd[x] + column[ODD + x][t] + bias).max(floor))
        };
        let (whole, tail) = line.as_chunks_mut::<OUT>();
        for (t, four) in whole.iter_mut().enumerate() {
            *four = outputs(t);
        }
        if !tail.is_empty() {
            tail.copy_from_slice(&outputs(across - 1)[..tail.len()]);
        }
    }
}
