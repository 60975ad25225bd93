//! Convolution along time by Toom and Cook's F(4, 4): four outputs of four taps in 7 multiplications where
//! 16 stand.
//!
//! A longer filter is a sum of parts of four taps, and a part sees the inputs of the tile as many tiles
//! further on as there are parts before it: each tile is transformed once. What remains are matrix
//! products, which run over tiles as they lie in memory, overlapping.
//!
//! Longer tiles were less exact than the goldens allow (`docs/performance.md`).

use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};
use pulp::NullaryFnOnce;

use super::points::{IN, OUT, TAPS, mix_input, mix_output, transform_taps};
use crate::musicnn::parameters::Kernel;
use crate::vector::in_vectors;

/// Numbers in the widest vector: tiles are rounded up to so many, and to as many more as there may be.
const LANES: usize = 16;
/// Places of a filter of several bands that are multiplied at once: 2 · 48 tiles of a window are what
/// faer's kernel for 512-bit vectors takes at a time.
const PLACES: usize = 2;

/// Filters that are slid along time, zeros beyond both ends, and along the bands.
#[derive(Debug)]
pub(crate) struct ToomCook {
    filters: usize,
    bands: usize,
    time: usize,
    /// Parts of a filter.
    parts: usize,
    /// For each product, matrices of `[filters, bands]` for each part; where there is a single band, one
    /// matrix `[filters, parts]`. Empty where all is zero.
    kernels: [Vec<Vec<f32>>; IN],
}

/// The tiles of all bands, transformed.
struct Tiles {
    /// Tiles that give outputs.
    wanted: usize,
    /// Tiles from one band to the next.
    stride: usize,
    /// `[bands, stride]` a product, and some zeros.
    products: [Vec<f32>; IN],
}

impl ToomCook {
    /// Transforms `kernel`, in f64.
    pub fn new(kernel: &Kernel) -> Self {
        let Kernel {
            filters,
            bands,
            time,
            ..
        } = *kernel;
        let parts = time.div_ceil(TAPS);
        let single = bands == 1;
        let (matrices, columns) = if single { (1, parts) } else { (parts, bands) };
        let mut kernels: [Vec<Vec<f32>>; IN] =
            std::array::from_fn(|_| vec![vec![0.0; filters * columns]; matrices]);
        for (row, taps) in kernel.taps.chunks_exact(time).enumerate() {
            for (part, taps) in taps.chunks(TAPS).enumerate() {
                let (filter, band) = (row / bands, row % bands);
                let (matrix, column) = if single { (0, part) } else { (part, band) };
                for (product, value) in kernels.iter_mut().zip(transform_taps(taps)) {
                    product[matrix][filter * columns + column] = value as f32;
                }
            }
        }
        for matrix in kernels.iter_mut().flat_map(|matrices| &mut matrices[1..]) {
            if matrix.iter().all(|&x| x == 0.0) {
                matrix.clear();
            }
        }
        Self {
            filters,
            bands,
            time,
            parts,
            kernels,
        }
    }

    /// The greatest answer of each filter over all places along the bands,
    /// `[bands, frames] -> [filters, frames]`. Of an even number of taps one more sees what is behind a
    /// frame, as TensorFlow's `same` has it.
    pub fn peaks(&self, x: &[f32], frames: usize) -> Vec<f32> {
        let tiles = self.transform(x, frames);
        let places = x.len() / frames - self.bands + 1;
        let columns = tiles.wanted.next_multiple_of(LANES);
        let mut peaks = vec![f32::NEG_INFINITY; OUT * self.filters * columns];
        let at_once = if self.bands == 1 {
            1
        } else {
            PLACES.min(places)
        };
        let width = (at_once - 1) * tiles.stride + columns;
        let mut products = vec![0.0; IN * self.filters * width];
        for first in (0..places).step_by(at_once) {
            let blocks = at_once.min(places - first);
            let width = (blocks - 1) * tiles.stride + columns;
            let size = self.filters * width;
            for (product, out) in products.chunks_exact_mut(size).take(IN).enumerate() {
                self.multiply(product, &tiles, first, width, out);
            }
            for block in 0..blocks {
                in_vectors(Peaks {
                    products: &products[..IN * size],
                    width,
                    from: block * tiles.stride,
                    columns,
                    greatest: &mut peaks,
                });
            }
        }
        let mut out = Vec::with_capacity(self.filters * frames);
        for filter in 0..self.filters {
            let row = |y: usize| &peaks[(y * self.filters + filter) * columns..][..columns];
            let rows: [&[f32]; OUT] = std::array::from_fn(row);
            out.extend((0..frames).map(|frame| rows[frame % OUT][frame / OUT]));
        }
        out
    }

    /// One of the products, `[filters, width]`, of the tiles from those of place `first` on.
    fn multiply(&self, product: usize, tiles: &Tiles, first: usize, width: usize, out: &mut [f32]) {
        let values = &tiles.products[product];
        // Along a single band the next row is the next tile, along several the next band.
        let (rows, stride) = if self.bands == 1 {
            (self.parts, 1)
        } else {
            (self.bands, tiles.stride)
        };
        let kernels = self.kernels[product].iter().enumerate();
        for (part, kernel) in kernels.filter(|(_, kernel)| !kernel.is_empty()) {
            let from = &values[first * tiles.stride + part..];
            matmul(
                MatMut::from_row_major_slice_mut(&mut *out, self.filters, width),
                if part == 0 {
                    Accum::Replace
                } else {
                    Accum::Add
                },
                MatRef::from_row_major_slice(kernel, self.filters, rows),
                MatRef::from_row_major_slice_with_stride(from, rows, width, stride),
                1.0,
                Par::Seq,
            );
        }
    }

    /// Transforms all tiles of `x`, `[bands, frames]`.
    fn transform(&self, x: &[f32], frames: usize) -> Tiles {
        let wanted = frames.div_ceil(OUT);
        let stride = wanted + self.parts - 1;
        let bands = x.len() / frames;
        let len = bands * stride + LANES;
        let mut tiles = Tiles {
            wanted,
            stride,
            products: std::array::from_fn(|_| vec![0.0; len]),
        };
        let before = (self.time - 1) / 2;
        // A tile's last frames are the first ones of the next, so there is one more.
        let mut padded = vec![0.0; OUT * (stride + 1)];
        let mut phases = vec![0.0; OUT * (stride + 1)];
        for (band, x) in x.chunks_exact(frames).enumerate() {
            padded[before..][..frames].copy_from_slice(x);
            for (tile, four) in padded.as_chunks::<OUT>().0.iter().enumerate() {
                for (phase, value) in phases.chunks_exact_mut(stride + 1).zip(four) {
                    phase[tile] = *value;
                }
            }
            let mut products = tiles.products.iter_mut();
            in_vectors(Inputs {
                phases: &phases,
                out: std::array::from_fn(|_| {
                    let product = products.next().expect("a product a place");
                    &mut product[band * stride..][..stride]
                }),
            });
        }
        tiles
    }
}

/// The tiles of a band on their way in; `phases[j][i]` is frame `4 i + j` of the padded band.
struct Inputs<'a> {
    /// `[OUT, tiles + 1]`
    phases: &'a [f32],
    /// `[tiles]` a product.
    out: [&'a mut [f32]; IN],
}

impl NullaryFnOnce for Inputs<'_> {
    type Output = ();

    #[inline(always)]
    fn call(mut self) {
        let tiles = self.out[0].len();
        let seen: [&[f32]; IN] =
            std::array::from_fn(|j| &self.phases[j % OUT * (tiles + 1) + j / OUT..][..tiles]);
        for tile in 0..tiles {
            let values = mix_input(std::array::from_fn(|j| seen[j][tile]));
            for (out, value) in self.out.iter_mut().zip(values) {
                out[tile] = value;
            }
        }
    }
}

/// Products on their way out, against the greatest outputs so far.
struct Peaks<'a> {
    /// `[IN, filters, width]`
    products: &'a [f32],
    width: usize,
    /// The first column that counts.
    from: usize,
    /// How many count.
    columns: usize,
    /// `[OUT, filters, columns]`
    greatest: &'a mut [f32],
}

impl NullaryFnOnce for Peaks<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let filters = self.greatest.len() / OUT / self.columns;
        let [p0, p1, p2, p3] = split(self.greatest);
        for filter in 0..filters {
            let product = |p: usize| {
                let row = (p * filters + filter) * self.width + self.from;
                self.products[row..][..self.columns].as_chunks::<LANES>().0
            };
            let products: [_; IN] = std::array::from_fn(product);
            let rows = [&mut *p0, &mut *p1, &mut *p2, &mut *p3].map(|peaks| {
                let row = &mut peaks[filter * self.columns..][..self.columns];
                row.as_chunks_mut::<LANES>().0
            });
            let [r0, r1, r2, r3] = rows;
            let peaks = r0.iter_mut().zip(r1).zip(r2).zip(r3);
            for (at, (((r0, r1), r2), r3)) in peaks.enumerate() {
                let seen: [&[f32; LANES]; IN] = std::array::from_fn(|p| &products[p][at]);
                let mut rows = [r0, r1, r2, r3];
                for lane in 0..LANES {
                    let values = mix_output(std::array::from_fn(|p| seen[p][lane]));
                    for (row, value) in rows.iter_mut().zip(values) {
                        row[lane] = greater(row[lane], value);
                    }
                }
            }
        }
    }
}

/// The greater one, of numbers: a comparison is one instruction, where `f32::max` takes three.
#[inline(always)]
fn greater(old: f32, new: f32) -> f32 {
    if old > new { old } else { new }
}

/// `values` as four parts of the same length.
fn split(values: &mut [f32]) -> [&mut [f32]; OUT] {
    let mut parts = values.chunks_exact_mut(values.len() / OUT);
    std::array::from_fn(|_| parts.next().expect("four parts"))
}
