//! Why a device did not do what it was asked, before an API says it in its own words.

/// Why a device did not do what it was asked. C has them by the same names, and negative:
/// `zephyr-wasm-declare` writes its list of this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Failure {
    /// There is no device of that name.
    Unknown = 1,
    /// Somebody else has it.
    Busy = 2,
    /// The image has no room for one more.
    Limit = 3,
    /// The device, or its driver, does not do this.
    NotSupported = 4,
    /// What was asked makes no sense.
    Invalid = 5,
    /// The device failed.
    Io = 6,
    /// Nothing has happened in time.
    Timeout = 7,
    /// More than there is room for.
    TooLarge = 8,
    /// Not in a state for this.
    State = 9,
    /// The address is not this system's.
    NotBindable = 10,
    /// Somebody has the address.
    InUse = 11,
    /// No way leads there.
    Unreachable = 12,
    /// The peer refused.
    Refused = 13,
    /// The connection broke.
    Reset = 14,
    /// Nobody knows the name.
    NoName = 15,
    /// The medium is full.
    Full = 16,
    /// Nobody is there to receive.
    NoReceiver = 17,
    /// The peer speaks otherwise.
    Protocol = 18,
}

impl Failure {
    const ALL: [Failure; 18] = [
        Failure::Unknown,
        Failure::Busy,
        Failure::Limit,
        Failure::NotSupported,
        Failure::Invalid,
        Failure::Io,
        Failure::Timeout,
        Failure::TooLarge,
        Failure::State,
        Failure::NotBindable,
        Failure::InUse,
        Failure::Unreachable,
        Failure::Refused,
        Failure::Reset,
        Failure::NoName,
        Failure::Full,
        Failure::NoReceiver,
        Failure::Protocol,
    ];

    /// The failure behind a negative result of C's, or the result.
    ///
    /// # Errors
    /// The failure.
    pub fn check(result: i32) -> Result<u32, Failure> {
        u32::try_from(result).map_err(|_| {
            let index = result.unsigned_abs() as usize - 1;
            Self::ALL.get(index).copied().unwrap_or(Failure::Io)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back() {
        for (index, failure) in Failure::ALL.iter().enumerate() {
            assert_eq!(*failure as usize, index + 1);
            assert_eq!(Failure::check(-(*failure as i32)), Err(*failure));
        }
        assert_eq!(Failure::check(i32::MIN), Err(Failure::Io));
        assert_eq!(Failure::check(7), Ok(7));
    }
}
