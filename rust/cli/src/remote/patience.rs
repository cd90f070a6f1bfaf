//! How long a board is listened to: one that says anything but the answer does not hold whoever asks.

use mcumgr_toolkit::transport::serial::SerialTransport;
use mcumgr_toolkit::transport::udp::UdpTransport;
use mcumgr_toolkit::transport::{
    ReceiveError, SMP_HEADER_SIZE, SMP_TRANSFER_BUFFER_SIZE, SendError, Transport,
};
use serialport::SerialPort;
use std::io::{self, ErrorKind, Read, Write};
use std::time::{Duration, Instant};

/// The end of the patience that begins with each request.
struct End {
    patience: Duration,
    at: Instant,
}

impl End {
    fn new(patience: Duration) -> Self {
        End { patience, at: Instant::now() + patience }
    }

    fn begin(&mut self) {
        self.at = Instant::now() + self.patience;
    }

    fn has_come(&self) -> bool {
        Instant::now() >= self.at
    }
}

/// Datagrams, of which those that are no answer do not count.
pub struct Udp {
    inner: UdpTransport,
    end: End,
}

impl Udp {
    /// Reaches a board.
    ///
    /// # Errors
    /// If there is no way to it.
    pub fn connect(whole: &str, timeout: Duration) -> io::Result<Self> {
        Ok(Udp { inner: UdpTransport::new(whole, timeout)?, end: End::new(timeout) })
    }
}

impl Transport for Udp {
    fn send_raw_frame(&mut self, header: [u8; SMP_HEADER_SIZE], data: &[u8]) -> Result<(), SendError> {
        self.end.begin();
        self.inner.send_raw_frame(header, data)
    }

    fn recv_raw_frame<'a>(
        &mut self,
        buffer: &'a mut [u8; SMP_TRANSFER_BUFFER_SIZE],
    ) -> Result<&'a [u8], ReceiveError> {
        if self.end.has_come() { Err(ReceiveError::Timeout) } else { self.inner.recv_raw_frame(buffer) }
    }

    fn set_timeout(&mut self, timeout: Duration) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        self.end.patience = timeout;
        self.inner.set_timeout(timeout)
    }

    fn max_smp_frame_size(&self) -> usize {
        self.inner.max_smp_frame_size()
    }
}

/// A serial port, on which a board's console may say anything in between.
pub struct Serial {
    port: Box<dyn SerialPort>,
    end: End,
}

impl Serial {
    /// What speaks over a port.
    pub fn transport(port: Box<dyn SerialPort>, timeout: Duration) -> SerialTransport<Self> {
        SerialTransport::new(Serial { port, end: End::new(2 * timeout) })
    }
}

impl Read for Serial {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.end.has_come() { Err(ErrorKind::TimedOut.into()) } else { self.port.read(buffer) }
    }
}

impl Write for Serial {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.end.begin();
        self.port.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.port.flush()
    }
}

impl AsMut<dyn SerialPort> for Serial {
    fn as_mut(&mut self) -> &mut (dyn SerialPort + 'static) {
        self.port.as_mut()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mcumgr_toolkit::MCUmgrClient;
    use std::net::UdpSocket;

    /// It answers what was not asked, again and again.
    #[test]
    fn a_board_that_chatters_holds_nobody() {
        let board = UdpSocket::bind("127.0.0.1:0").unwrap();
        let address = board.local_addr().unwrap().to_string();
        let chatter = std::thread::spawn(move || {
            let mut frame = [0; 1024];
            let (size, asker) = board.recv_from(&mut frame).unwrap();
            frame[6] = frame[6].wrapping_add(1);
            let begun = Instant::now();
            while begun.elapsed() < Duration::from_secs(4) {
                let _ = board.send_to(&frame[..size], asker);
                std::thread::sleep(Duration::from_millis(1));
            }
        });
        let client =
            MCUmgrClient::new_from_transport(Udp::connect(&address, Duration::from_millis(200)).unwrap());
        client.set_retries(0);
        let begun = Instant::now();
        assert!(client.os_echo("anybody there").is_err());
        assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
        chatter.join().unwrap();
    }
}
