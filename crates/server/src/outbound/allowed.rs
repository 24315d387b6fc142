//! What the operator lets the server reach beside what belongs to everybody.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Names of hosts and networks, as in `hooks.intern.example, 10.20.0.0/16, ::1`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Allowed {
    /// Lower case, without the last dot.
    names: Vec<String>,
    networks: Vec<(IpAddr, u32)>,
}

impl Allowed {
    /// Whether a host is named.
    pub(super) fn has_name(&self, name: &str) -> bool {
        let name = normal(name);
        self.names.contains(&name)
    }

    /// Whether an address lies in a network that is named.
    pub(super) fn has_address(&self, address: IpAddr) -> bool {
        self.networks.iter().any(|(network, bits)| match (network, address) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                prefix(u32::from(*network).into(), *bits, 32)
                    == prefix(u32::from(address).into(), *bits, 32)
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                prefix(u128::from(*network), *bits, 128) == prefix(u128::from(address), *bits, 128)
            }
            _ => false,
        })
    }
}

fn prefix(address: u128, bits: u32, of: u32) -> u128 {
    address.checked_shr(of - bits).unwrap_or_default()
}

fn normal(name: &str) -> String {
    name.trim_end_matches('.').to_ascii_lowercase()
}

impl FromStr for Allowed {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut allowed = Self::default();
        for entry in text.split([',', ' ']).filter(|entry| !entry.is_empty()) {
            let (address, bits) = match entry.split_once('/') {
                None => (entry, None),
                Some((address, bits)) => (address, Some(bits)),
            };
            match (address.parse::<IpAddr>(), bits) {
                (Ok(address), bits) => {
                    allowed.networks.push((address, length(address, bits, entry)?))
                }
                (Err(_), None) if is_name(entry) => allowed.names.push(normal(entry)),
                _ => {
                    return Err(format!(
                        "`{entry}` in `outbound_allow` is no host and no network such as 10.20.0.0/16"
                    ));
                }
            }
        }
        Ok(allowed)
    }
}

fn length(address: IpAddr, bits: Option<&str>, entry: &str) -> Result<u32, String> {
    let most = if address.is_ipv4() { 32 } else { 128 };
    match bits.map(str::parse) {
        None => Ok(most),
        Some(Ok(bits)) if bits <= most => Ok(bits),
        Some(_) => Err(format!(
            "`{entry}` in `outbound_allow`: a network ends in a number from 0 to {most}"
        )),
    }
}

fn is_name(text: &str) -> bool {
    text.bytes().all(|it| it.is_ascii_alphanumeric() || b"-._".contains(&it))
}

impl TryFrom<String> for Allowed {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Allowed> for String {
    fn from(allowed: Allowed) -> Self {
        allowed.to_string()
    }
}

impl fmt::Display for Allowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let networks = self.networks.iter().map(|(address, bits)| format!("{address}/{bits}"));
        let all: Vec<String> = self.names.iter().cloned().chain(networks).collect();
        f.write_str(&all.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::Allowed;

    #[test]
    fn hosts_and_networks_are_read_and_written() {
        let allowed: Allowed = "Hooks.Example., 10.20.0.0/16 ::1,192.168.1.7".parse().unwrap();
        assert_eq!(allowed.to_string(), "hooks.example, 10.20.0.0/16, ::1/128, 192.168.1.7/32");
        assert!(allowed.has_name("HOOKS.example.") && !allowed.has_name("a.hooks.example"));
        let has = |address: &str| allowed.has_address(address.parse().unwrap());
        assert!(has("10.20.255.1") && has("::1") && has("192.168.1.7"));
        assert!(
            !has("10.21.0.1") && !has("::2") && !has("192.168.1.8") && !has("::ffff:10.20.0.1")
        );
        let everything: Allowed = "0.0.0.0/0, ::/0".parse().unwrap();
        assert!(everything.has_address("127.0.0.1".parse().unwrap()));
        assert!(everything.has_address("::1".parse().unwrap()));
        for wrong in ["10.0.0.0/33", "::/129", "a/b", "http://a", "10.0.0.0/x"] {
            assert!(wrong.parse::<Allowed>().is_err(), "{wrong}");
        }
    }
}
