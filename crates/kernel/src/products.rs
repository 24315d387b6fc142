//! Sums over customers from which a ratio of two totals and its spread follow: whole numbers, so that they add up to the same
//! in any order.

use crate::packed::packed;

/// Sums of x, y and their products, a pair for each customer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Products {
    pub customers: u64,
    pub x: i128,
    pub y: i128,
    pub xx: i128,
    pub xy: i128,
    pub yy: i128,
}

packed!(Products { customers, x, y, xx, xy, yy });

/// More is not believed: products of such numbers add up over a billion customers.
const MOST: i64 = 1 << 48;

impl Products {
    pub(crate) fn add(&mut self, x: i64, y: i64) {
        let [x, y] = [x, y].map(|value| i128::from(value.clamp(-MOST, MOST)));
        self.customers += 1;
        self.x += x;
        self.y += y;
        self.xx += x * x;
        self.xy += x * y;
        self.yy += y * y;
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        self.customers += other.customers;
        self.x += other.x;
        self.y += other.y;
        self.xx += other.xx;
        self.xy += other.xy;
        self.yy += other.yy;
    }
}
