//! What the kernel tells of the network, by netlink (rtnetlink(7)).

use std::{io, os::fd::OwnedFd};

use async_io::Async;
use rustix::{
    io::Errno,
    net::{AddressFamily, RecvFlags, SocketFlags, SocketType, bind, netlink, recv, socket_with},
};

/// Routes of IPv4 and of IPv6 that come or go (`RTMGRP_IPV4_ROUTE`, `RTMGRP_IPV6_ROUTE`).
const ROUTES: u32 = 0x40 | 0x400;

/// The header of a message, and of a route in it (netlink(7), rtnetlink(7)); in bytes.
const HEADER: usize = 16;
const ROUTE: usize = 12;

/// The kinds of messages.
const NEW_ROUTE: u16 = 24;

/// Tells of routes that come.
pub struct RouteChanges(Async<OwnedFd>);

impl RouteChanges {
    /// From now on.
    ///
    /// # Errors
    /// Where the system gives no such socket, as in some sandboxes.
    pub fn watch() -> io::Result<Self> {
        let socket = socket_with(
            AddressFamily::NETLINK,
            SocketType::RAW,
            SocketFlags::CLOEXEC | SocketFlags::NONBLOCK,
            // NETLINK_ROUTE is what is meant by none.
            None,
        )?;
        bind(&socket, &netlink::SocketAddrNetlink::new(0, ROUTES))?;
        Ok(Self(Async::new_nonblocking(socket)?))
    }

    /// Returns once a route has come by which other computers are reached.
    ///
    /// # Errors
    /// When the system tells nothing any longer.
    pub async fn next(&mut self) -> io::Result<()> {
        let mut buffer = vec![0; 16 << 10];
        loop {
            let read = self.0.read_with(|socket| {
                let (read, _) = recv(socket, &mut buffer[..], RecvFlags::empty())?;
                Ok(read)
            });
            match read.await {
                Ok(read) if has_route(buffer.get(..read).unwrap_or_default()) => return Ok(()),
                Ok(_) => {}
                // More came than it could keep.
                Err(error) if error.raw_os_error() == Some(Errno::NOBUFS.raw_os_error()) => {
                    return Ok(());
                }
                Err(error) => return Err(error),
            }
        }
    }
}

/// Whether there is, among these messages, a route that came and leads to other computers.
fn has_route(mut messages: &[u8]) -> bool {
    while let Some((length, kind)) = header(messages) {
        let (message, rest) = messages.split_at(length.min(messages.len()));
        if kind == NEW_ROUTE && leads_elsewhere(message.get(HEADER..).unwrap_or_default()) {
            return true;
        }
        messages = rest;
        // Messages begin at multiples of four.
        let padding = length.next_multiple_of(4) - length;
        messages = messages.get(padding..).unwrap_or_default();
    }
    false
}

/// A message's length, with its header, and its kind.
fn header(messages: &[u8]) -> Option<(usize, u16)> {
    let length = u32::from_ne_bytes(messages.get(..4)?.try_into().ok()?);
    let kind = u16::from_ne_bytes(messages.get(4..6)?.try_into().ok()?);
    let length = usize::try_from(length).ok()?;
    (length >= HEADER).then_some((length, kind))
}

/// Whether a route (`rtmsg`) is a unicast one of the main table.
fn leads_elsewhere(route: &[u8]) -> bool {
    const MAIN: u8 = 254;
    const UNICAST: u8 = 1;
    let (table, kind) = (route.get(4), route.get(7));
    route.len() >= ROUTE && table == Some(&MAIN) && kind == Some(&UNICAST)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(kind: u16, table: u8, of: u8) -> Vec<u8> {
        let mut bytes = Vec::new();
        bytes.extend(28_u32.to_ne_bytes());
        bytes.extend(kind.to_ne_bytes());
        bytes.extend([0; 10]);
        bytes.extend([2, 0, 0, 0, table, 0, 0, of, 0, 0, 0, 0]);
        bytes
    }

    #[test]
    fn a_route_that_comes_leads_elsewhere_in_the_main_table() {
        assert!(has_route(&message(NEW_ROUTE, 254, 1)));
        let local = message(NEW_ROUTE, 255, 2);
        assert!(!has_route(&local));
        assert!(!has_route(&message(25, 254, 1)));
        assert!(has_route(&[local, message(NEW_ROUTE, 254, 1)].concat()));
    }

    #[test]
    fn a_message_that_is_cut_off_is_none() {
        let whole = message(NEW_ROUTE, 254, 1);
        for length in 0..whole.len() {
            assert!(!has_route(&whole[..length]), "{length}");
        }
        assert!(!has_route(&[0; 64]));
    }
}
