//! What goes through something of either engine: where there is one only, no more than that.

#[cfg(all(feature = "interpreter", feature = "compiled"))]
pub use both::{compiled, interpreted};

/// What goes through something of the one engine.
#[cfg(not(feature = "compiled"))]
pub fn interpreted<I>(all: I) -> I {
    all
}

/// What goes through something of the one engine.
#[cfg(not(feature = "interpreter"))]
pub fn compiled<I>(all: I) -> I {
    all
}

#[cfg(all(feature = "interpreter", feature = "compiled"))]
mod both {
    pub enum Either<I, C> {
        Interpreted(I),
        Compiled(C),
    }

    pub fn interpreted<I, C>(all: I) -> Either<I, C> {
        Either::Interpreted(all)
    }

    pub fn compiled<I, C>(all: C) -> Either<I, C> {
        Either::Compiled(all)
    }

    impl<T, I: Iterator<Item = T>, C: Iterator<Item = T>> Iterator for Either<I, C> {
        type Item = T;

        fn next(&mut self) -> Option<T> {
            match self {
                Either::Interpreted(all) => all.next(),
                Either::Compiled(all) => all.next(),
            }
        }

        fn size_hint(&self) -> (usize, Option<usize>) {
            match self {
                Either::Interpreted(all) => all.size_hint(),
                Either::Compiled(all) => all.size_hint(),
            }
        }
    }

    impl<T, I: ExactSizeIterator<Item = T>, C: ExactSizeIterator<Item = T>> ExactSizeIterator for Either<I, C> {}
}
