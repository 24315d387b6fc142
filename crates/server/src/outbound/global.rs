//! Which addresses belong to everybody: the rest of the registries of special addresses is not sent to.
//!
//! IANA's registries of special-purpose addresses (RFC 6890 and what came after). Of IPv6 only what is given out to
//! networks (`2000::/3`) counts, so that every way of writing an IPv4 address into an IPv6 one (mapped, compatible, NAT64, 6to4,
//! Teredo) stays outside, whatever it holds.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether an address belongs to everybody.
pub(super) fn is_global(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => !V4.iter().any(|net| within_v4(address, net)),
        IpAddr::V6(address) => {
            within_v6(address, &GIVEN_OUT) && !V6.iter().any(|net| within_v6(address, net))
        }
    }
}

type Net4 = ([u8; 4], u32);
type Net6 = ([u16; 3], u32);

const V4: [Net4; 18] = [
    ([0, 0, 0, 0], 8),
    ([10, 0, 0, 0], 8),
    ([100, 64, 0, 0], 10),
    ([127, 0, 0, 0], 8),
    // A host of one cloud that answers for its machines.
    ([168, 63, 129, 16], 32),
    // Also where most clouds tell a machine its secrets.
    ([169, 254, 0, 0], 16),
    ([172, 16, 0, 0], 12),
    ([192, 0, 0, 0], 24),
    ([192, 0, 2, 0], 24),
    ([192, 31, 196, 0], 24),
    ([192, 52, 193, 0], 24),
    ([192, 88, 99, 0], 24),
    ([192, 168, 0, 0], 16),
    ([192, 175, 48, 0], 24),
    ([198, 18, 0, 0], 15),
    ([198, 51, 100, 0], 24),
    ([203, 0, 113, 0], 24),
    // Groups, what is kept for later, and the broadcast address.
    ([224, 0, 0, 0], 3),
];

const GIVEN_OUT: Net6 = ([0x2000, 0, 0], 3);

const V6: [Net6; 4] = [
    // Protocols, Teredo and benchmarks among them.
    ([0x2001, 0, 0], 23),
    ([0x2001, 0xdb8, 0], 32),
    // 6to4.
    ([0x2002, 0, 0], 16),
    ([0x3fff, 0, 0], 20),
];

fn within_v4(address: Ipv4Addr, (net, bits): &Net4) -> bool {
    let shift = 32 - bits;
    u32::from(address) >> shift == u32::from_be_bytes(*net) >> shift
}

fn within_v6(address: Ipv6Addr, ([a, b, c], bits): &Net6) -> bool {
    let net = Ipv6Addr::new(*a, *b, *c, 0, 0, 0, 0, 0);
    let shift = 128 - bits;
    u128::from(address) >> shift == u128::from(net) >> shift
}

#[cfg(test)]
mod tests {
    use super::is_global;

    #[test]
    fn what_belongs_to_everybody_does_and_nothing_else() {
        let global = [
            "1.1.1.1",
            "8.8.8.8",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "169.253.255.255",
            "172.15.255.255",
            "172.32.0.0",
            "192.167.255.255",
            "223.255.255.255",
            "2001:200::1",
            "2606:4700::1111",
            "2a00:1450:4001::1",
            "2003::1",
        ];
        let special = [
            "0.0.0.0",
            "10.0.0.1",
            "100.64.0.1",
            "100.100.100.200",
            "127.0.0.1",
            "127.255.255.254",
            "168.63.129.16",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.192",
            "192.168.1.1",
            "198.19.255.255",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "64:ff9b::7f00:1",
            "64:ff9b:1::7f00:1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
            "5f00::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ];
        for address in global {
            assert!(is_global(address.parse().unwrap()), "{address}");
        }
        for address in special {
            assert!(!is_global(address.parse().unwrap()), "{address}");
        }
    }
}
