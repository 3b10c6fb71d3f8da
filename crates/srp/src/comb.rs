//! Powers of the fixed base g with exponents of 256 bits, by a comb with precomputed rows (Lim and Lee, 1994): 51
//! multiplications and 3 squarings in place of about 340. The exponent's bits are laid out as 5 teeth of 52 bits, each
//! of 13 blocks of 4 columns; a block's row holds the products for all 32 settings of the 5 teeth. A row is always read
//! whole, and the wanted entry kept by masks, so that neither time nor cache tells the exponent.

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::bn::{Num, Reckoner};
use crate::constants::{BYTES, Bytes, G, small};

const TEETH: usize = 5;
const BLOCKS: usize = 13;
const COLUMNS: usize = 4;
/// Bits from one tooth to the next; five of them cover 260 bits.
const SPACING: usize = BLOCKS * COLUMNS;
const ENTRIES: usize = 1 << TEETH;

/// 13 rows of 32 numbers of 384 bytes, in Montgomery form: 160 KB. Nothing in it is secret.
pub(crate) struct Comb {
    rows: Vec<[Bytes; ENTRIES]>,
}

impl Comb {
    /// About 250 squarings and 350 multiplications.
    pub(crate) fn new(reckoner: &mut Reckoner<'_>) -> Self {
        let one = *reckoner.enter_montgomery(&Num::from_bytes(&small(1))).to_bytes();
        let mut power = reckoner.enter_montgomery(&Num::from_bytes(&small(G)));
        let mut rows = vec![[one; ENTRIES]; BLOCKS];
        // Tooth by tooth, block by block, with power = g^(2^(SPACING * tooth + COLUMNS * block)): each entry that has
        // the tooth's bit is the entry without it, times power.
        for tooth in 0..TEETH {
            for row in &mut rows {
                let (known, fresh) = row.split_at_mut(1 << tooth);
                for (from, to) in known.iter().zip(fresh) {
                    let mut entry = Num::from_bytes(from);
                    reckoner.multiply(&mut entry, &power);
                    *to = *entry.to_bytes();
                }
                for _ in 0..COLUMNS {
                    reckoner.square(&mut power);
                }
            }
        }
        Self { rows }
    }

    /// `g ^ exponent mod N`, plain; the exponent is big-endian.
    pub(crate) fn power(&self, reckoner: &mut Reckoner<'_>, exponent: &[u8; 32]) -> Num {
        let mut product: Option<Num> = None;
        let mut factor = Num::from_bytes(&[0; BYTES]);
        for column in (0..COLUMNS).rev() {
            if let Some(product) = &mut product {
                reckoner.square(product);
            }
            for (block, row) in self.rows.iter().enumerate() {
                let wanted = select(row, setting(exponent, COLUMNS * block + column));
                match &mut product {
                    Some(product) => {
                        factor.load(wanted.as_slice());
                        reckoner.multiply(product, &factor);
                    }
                    None => product = Some(Num::from_bytes(wanted.as_slice())),
                }
            }
        }
        reckoner.leave_montgomery(&product.unwrap_or(factor))
    }
}

/// The five teeth's bits at this offset, as an index into a row.
fn setting(exponent: &[u8; 32], offset: usize) -> u8 {
    (0..TEETH).rev().fold(0, |index, tooth| {
        let place = tooth * SPACING + offset;
        // Where a bit is looked for depends on its place, which is no secret; bits beyond the exponent are zero.
        let byte = exponent.iter().rev().nth(place / 8).copied().unwrap_or(0);
        index << 1 | (byte >> (place % 8)) & 1
    })
}

/// The entry at `wanted`, after a look at every one.
fn select(row: &[Bytes; ENTRIES], wanted: u8) -> Zeroizing<Bytes> {
    let mut chosen = Zeroizing::new([0; BYTES]);
    for (index, entry) in (0_u8..).zip(row) {
        let mask = index.ct_eq(&wanted).unwrap_u8().wrapping_neg();
        for (to, from) in chosen.iter_mut().zip(entry) {
            *to |= from & mask;
        }
    }
    chosen
}
