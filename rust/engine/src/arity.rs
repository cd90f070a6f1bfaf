//! How many parameters functions can have.

/// Calls a macro with the names of so many type parameters as functions of the host can have: as many as the component
/// model passes by value, and where the result goes.
macro_rules! of_each_count {
    ($macro:ident) => {
        $crate::arity::of_each_count!($macro: A B C D E F G H I J K L M N O P);
    };
    ($macro:ident: $first:ident $($rest:ident)*) => {
        $macro!($first $($rest)*);
        $crate::arity::of_each_count!($macro: $($rest)*);
    };
    ($macro:ident:) => {
        $macro!();
    };
}

pub(crate) use of_each_count;
