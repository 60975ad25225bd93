//! Looks up the addresses of hosts, and distrusts what it is told.

use std::error::Error;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::links::is_catalogue;

/// The system's own look-up, except that the catalogue's hosts are not looked for in private networks: an
/// answer of that kind would lead to a machine near the listener. The host that the settings name, and a
/// proxy, may be anywhere.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Names;

/// A host has no address that may be used; what the system said of it.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct NoAddress(String);

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let found = {
                let host = host.clone();
                // The port is put in by who asked.
                let look = move || (host.as_str(), 0).to_socket_addrs();
                tokio::task::spawn_blocking(look)
                    .await?
                    .map_err(|error| NoAddress(error.to_string()))?
            };
            Ok(Box::new(trusted(&host, found)?.into_iter()) as Addrs)
        })
    }
}

/// Those of `found` that `host` may have; an error if there are none.
fn trusted(
    host: &str,
    found: impl Iterator<Item = SocketAddr>,
) -> Result<Vec<SocketAddr>, Box<dyn Error + Send + Sync>> {
    let is_public_host = is_catalogue(host);
    let found: Vec<_> = found
        .filter(|address| !is_public_host || is_public(address.ip()))
        .collect();
    if found.is_empty() {
        return Err(NoAddress(format!("{host} has no public address here")).into());
    }
    Ok(found)
}

/// Whether `address` can be that of a host of the public network.
///
/// Source: the registries of special-purpose addresses of RFC 6890. 198.18.0.0/15 is let through: tunnels
/// answer with it for every name.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(v4: Ipv4Addr) -> bool {
    let [a, b, ..] = v4.octets();
    let is_shared = a == 100 && (64..128).contains(&b);
    !(a == 0
        || a >= 240
        || is_shared
        || v4.is_private()
        || v4.is_loopback()
        || v4.is_link_local()
        || v4.is_documentation()
        || v4.is_multicast())
}

fn is_public_v6(v6: Ipv6Addr) -> bool {
    let segments = v6.segments();
    // An IPv4 address in other clothes: mapped, or behind the well-known prefix of NAT64 (RFC 6052).
    let is_nat64 = segments[..6] == [0x64, 0xff9b, 0, 0, 0, 0];
    let low = Ipv4Addr::from_bits(v6.to_bits() as u32);
    if let Some(v4) = v6.to_ipv4_mapped().or_else(|| is_nat64.then_some(low)) {
        return is_public_v4(v4);
    }
    !(segments[..6] == [0; 6]
        || v6.is_unique_local()
        || v6.is_unicast_link_local()
        || v6.is_multicast())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_is_not_next_door() {
        let trusts = |host: &str, address: &str| {
            let address: IpAddr = address.parse().expect("an address");
            trusted(host, [SocketAddr::new(address, 0)].into_iter()).is_ok()
        };
        for private in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "ff02::1",
            "::ffff:192.168.1.1",
            "64:ff9b::a00:1",
            "::7f00:1",
        ] {
            assert!(!trusts("audio-ssl.itunes.apple.com", private), "{private}");
            assert!(
                trusts("mirror.example", private),
                "{private} is the listener's own choice"
            );
        }
        for public in [
            "17.253.144.10",
            "2620:149:af0::10",
            "64:ff9b::11fd:900a",
            "198.18.0.7",
        ] {
            assert!(trusts("itunes.apple.com", public), "{public}");
        }
        let mixed = ["10.0.0.1:0", "17.1.2.3:0"].map(|text| text.parse().expect("an address"));
        let left = trusted("itunes.apple.com", mixed.into_iter()).expect("one is public");
        assert_eq!(left, [mixed[1]]);
    }
}
