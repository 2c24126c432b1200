//! The simplest web server that there can be, for what no real one would answer.

use std::{
    io::{BufRead as _, BufReader},
    net::{SocketAddr, TcpListener, TcpStream},
    thread,
};

/// Has each request answered, one after the other, until `answer` says that it is enough. It gets
/// the lines of the request's head.
pub fn listen(
    mut answer: impl FnMut(Vec<String>, TcpStream) -> bool + Send + 'static,
) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for socket in listener.incoming() {
            let socket = socket.unwrap();
            let head = BufReader::new(socket.try_clone().unwrap())
                .lines()
                .map_while(Result::ok)
                .take_while(|line| !line.is_empty());
            if !answer(head.collect(), socket) {
                return;
            }
        }
    });
    address
}
